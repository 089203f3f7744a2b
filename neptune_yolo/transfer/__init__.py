"""Bringing runs in from other places and taking them along to others, over HTTP."""
