"""Which runs of an export were not as they should be, so that they are written again the next time."""

import json
from pathlib import Path
from threading import Lock

FILE_NAME = ".neptune-yolo-again.json"


class Again:
    """Names of runs in a small file of the export's folder, which is there only if there are some.

    Several threads may use it.
    """

    def __init__(self, folder: Path | None) -> None:
        """Read what an earlier export has left.

        Args:
            folder: Of the export; None keeps nothing.
        """
        self._file = None if folder is None else folder / FILE_NAME
        self._lock = Lock()
        self._names = set(self._load())

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def note(self, name: str, *, is_good: bool) -> None:
        """Note what became of a run.

        Raises:
            OSError: If the file cannot be written.
        """
        with self._lock:
            if is_good != (name in self._names):
                return
            (self._names.discard if is_good else self._names.add)(name)
            if self._file is not None and self._names:
                part = self._file.with_suffix(".part")
                part.write_text(json.dumps(sorted(self._names)), encoding="utf-8")
                part.replace(self._file)
            elif self._file is not None:
                self._file.unlink(missing_ok=True)

    def _load(self) -> list[str]:
        try:
            found = [] if self._file is None else json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
