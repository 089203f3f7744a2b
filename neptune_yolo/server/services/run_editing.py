"""What people change of a run by hand: its name, its description, its tags."""

import uuid
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.operation import AssignValue, InsertStrings, Operation, RemoveStrings
from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.services.operations import OperationService
from neptune_yolo.server.services.run_heads import HeadFacts, RunHeadService


@dataclass(frozen=True)
class RunChanges:
    """What is to change.

    Attributes:
        name: The new one; None leaves it as it is.
        description: Likewise.
        added: Tags to add.
        removed: Tags to remove; those that are not there do not matter.
    """

    name: str | None
    description: str | None
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def operations(self) -> list[Operation]:
        """Return the changes as operations on attributes."""
        found: list[Operation] = []
        for path, text in (("sys/name", self.name), ("sys/description", self.description)):
            if text is not None:
                found.append(AssignValue(path, AttributeType.STRING, text))
        if self.removed:
            found.append(RemoveStrings("sys/tags", self.removed))
        if self.added:
            found.append(InsertStrings("sys/tags", self.added))
        return found


@dataclass(frozen=True)
class RunEditingService:
    """Changes by hand.

    Attributes:
        operations: Applies them, with the rights of the caller.
        heads: Tells what came of them.
    """

    operations: OperationService
    heads: RunHeadService

    def change(self, identifier: str, changes: RunChanges) -> HeadFacts:
        """Change a run, and return what it looks like then.

        Args:
            identifier: UUID text or ``workspace/project/SYS-ID``.
            changes: What is to change.

        Raises:
            NotFoundError: If there is none that the caller may see.
            ForbiddenError: If the caller may see it, and not change it.
            InvalidRequestError: If a value cannot be stored.
        """
        self.heads.settle_running_time(identifier)
        errors = self.operations.execute(identifier, changes.operations(), uuid.uuid4().hex)
        if errors:
            raise InvalidRequestError(" ".join(errors))
        return self.heads.get(identifier)
