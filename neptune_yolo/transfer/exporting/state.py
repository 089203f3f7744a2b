"""In which state a run was exported, so that it is not exported again until it changes."""

from neptune_yolo.read.forms import RunHead


def state_of(head: RunHead, *, with_files: bool) -> list[object]:
    """Return the name of a run, and what changes when it does, as JSON values."""
    return [f"{head.project_name}/{head.sys_id}", head.modified_ms, head.trashed, with_files]
