"""Import of the folders that Ultralytics leaves below ``runs/``: each becomes a run like one that a trainer logs."""
