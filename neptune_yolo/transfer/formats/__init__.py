"""Formats of other programs that runs are exported into."""
