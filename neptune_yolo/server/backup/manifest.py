"""What a backup folder holds, and which files in it belong to the last finished backup."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from neptune_yolo.server.exceptions import BackupError
from neptune_yolo.server.private_files import write_private_file

FORMAT = 1
_DATABASE_NAME = re.compile(r"database-[0-9a-f]{32}\.sqlite")


@dataclass(frozen=True)
class Manifest:
    """The last finished backup of a folder; it is written after everything that it names.

    Attributes:
        format: Version of the folder's layout.
        created_ms: When the backup was begun, in ms since 1970 (UTC).
        version: Version of neptune_yolo that made it.
        revision: Schema of the tables.
        database: Name of the file with the tables.
        database_sha256: Its hash.
        row_counts: Rows of each table.
        blob_count: Number of the uploaded files.
        blob_bytes: Their size.
        has_secrets: Whether the keys of an embedded server's data folder are there.
    """

    format: int
    created_ms: int
    version: str
    revision: str
    database: str
    database_sha256: str
    row_counts: Mapping[str, int]
    blob_count: int
    blob_bytes: int
    has_secrets: bool


@dataclass(frozen=True)
class BackupFolder:
    """Names of the files of one backup folder.

    Attributes:
        root: The folder.
    """

    root: Path

    @property
    def manifest(self) -> Path:
        """Names the last finished backup; without it, none was finished."""
        return self.root / "manifest.json"

    @property
    def lock(self) -> Path:
        """Held while a backup is made; marks the folder as one for backups."""
        return self.root / "backup.lock"

    @property
    def files(self) -> Path:
        """Folder of the uploaded files, by their hash; those of earlier backups are used again."""
        return self.root / "files"

    @property
    def secrets(self) -> Path:
        """The keys of an embedded server's data folder."""
        return self.root / "secrets.json"

    def write(self, manifest: Manifest) -> None:
        """Make a backup the last finished one, at once or not at all."""
        write_private_file(self.manifest, json.dumps(asdict(manifest), indent=2).encode())

    def read(self) -> Manifest:
        """Return what is known of the last finished backup.

        Raises:
            BackupError: If there is none, or the manifest is damaged or of a newer form.
        """
        try:
            content = json.loads(self.manifest.read_bytes())
            manifest = Manifest(**{field.name: content[field.name] for field in fields(Manifest)})
        except FileNotFoundError as error:
            raise BackupError(
                f"Expected a finished backup in {str(self.root)!r}, but there is no {self.manifest.name}: the folder "
                "holds no backup, or one that was interrupted. Run `neptune-yolo backup` again."
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error
        if not _DATABASE_NAME.fullmatch(str(manifest.database)):
            raise self._damaged()
        if manifest.format != FORMAT:
            raise BackupError(
                f"Expected a backup of form {FORMAT}, got form {manifest.format}. "
                f"Restore it with neptune-yolo {manifest.version}."
            )
        return manifest

    def _damaged(self) -> BackupError:
        return BackupError(
            f"Expected the manifest of a backup in {str(self.manifest)!r}, but it is damaged. Use another backup."
        )
