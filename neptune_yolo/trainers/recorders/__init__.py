"""Recorders: each writes one thing that a training produces into the run. They know Ultralytics' objects."""
