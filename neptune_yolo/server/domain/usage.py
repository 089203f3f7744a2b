"""How much is stored."""

from dataclasses import dataclass

from neptune_yolo.server.domain.project import ProjectName


@dataclass(frozen=True)
class ProjectUsage:
    """What a project holds, the trash included.

    Attributes:
        name: Workspace and name.
        runs: Number of runs.
        models: Number of models and model versions.
        attributes: Number of attributes.
        points: Points of all series.
        files: Files, those of file sets and pictures of series included.
        file_bytes: Bytes in them; what several of them share is counted for each.
    """

    name: ProjectName
    runs: int
    models: int
    attributes: int
    points: int
    files: int
    file_bytes: int


@dataclass(frozen=True)
class Usage:
    """What a server holds.

    Attributes:
        projects: By workspace and name.
        stored_files: Different files that attributes refer to.
        stored_bytes: Bytes in them: what the storage needs.
        database_bytes: Size of the database.
    """

    projects: tuple[ProjectUsage, ...]
    stored_files: int
    stored_bytes: int
    database_bytes: int
