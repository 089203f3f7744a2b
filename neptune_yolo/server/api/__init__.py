"""Speaks the protocol of the Neptune client, and nothing else."""
