"""Who has made a run: whoever imports it may not be able to say so, and an owner of the project makes up for it."""

from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import ThingNotFoundError
from neptune_yolo.read.forms import RunHead
from neptune_yolo.transfer.writing import PastFacts, RunWriter

OWNER_PATH = "import/sys/owner"
"""Who has made a run, while the server says that it was the one who imported it."""


def has_owner(head: RunHead, facts: PastFacts) -> bool:
    """Return whether a run is that of whom the export names; it is, too, if the export names nobody."""
    return facts.owner in (None, head.owner)


def name_owner(api: ReadApi, writer: RunWriter, facts: PastFacts) -> bool:
    """Make a run, imported before, that of whom the export names, and leave all else as it is.

    Args:
        api: The server.
        writer: The run.
        facts: What it was like where it comes from.

    Returns:
        False if that is not for this user to do.

    Raises:
        ReadError: If the server does not take it.
    """
    if writer.project.role != "owner" or writer.fingerprint is None:
        return False
    head = writer.head
    try:
        if api.attribute(writer.project.full_name, writer.sys_id, OWNER_PATH).value == facts.owner:
            writer.delete(OWNER_PATH)
    except ThingNotFoundError:
        pass
    return writer.finish(
        writer.fingerprint,
        PastFacts(
            created_ms=head.created_ms,
            modified_ms=head.modified_ms,
            pinged_ms=head.pinged_ms,
            running_ms=head.running_ms,
            owner=facts.owner,
            trashed=head.trashed,
        ),
    )
