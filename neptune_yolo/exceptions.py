"""Exceptions of the client side: settings, connection and runs.

::

    NeptuneYoloError
    ├── SettingsError (ValueError)
    │   ├── PackageMissingError
    │   ├── TrainingArgumentError
    │   ├── SearchNotFoundError
    │   ├── ProjectNameError
    │   ├── ProjectMissingError
    │   └── ApiTokenError
    │       ├── MalformedApiTokenError
    │       ├── HostedServiceTokenError
    │       └── InsecureServerAddressError
    ├── TrainerClassError (TypeError)
    ├── FoldsError (ValueError)
    ├── ServerConnectionError
    │   ├── ServerUnreachableError
    │   ├── EmbeddedServerUnavailableError
    │   ├── ApiTokenRefusedError
    │   └── ProjectNotFoundError
    └── RunError
        ├── RunNotOpenedError
        ├── RunStoppedError
        ├── RunNotFoundError
        ├── RunNotAvailableError
        ├── RunNotResumableError
        ├── RunNotPortableError
        ├── ModelNotRegisteredError
        └── QueueFolderNotWritableError

Each message says what was expected, what came, and what to do.
"""

from collections.abc import Iterable
from pathlib import Path


class NeptuneYoloError(Exception):
    """Base of all exceptions that the client side of neptune_yolo raises."""


class SettingsError(NeptuneYoloError, ValueError):
    """A setting has a value that cannot be used."""

    @classmethod
    def for_choice(cls, name: str, value: object, choices: Iterable[str]) -> "SettingsError":
        """Return the error for a value that is not one of the choices."""
        return cls(f"{name} must be one of {', '.join(choices)}; got {value!r}.")


class PackageMissingError(SettingsError):
    """An optional package is needed and not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"Expected the package {package!r} {purpose}; it is not installed. "
            f'Install it: pip install "neptune-yolo[{extra}]".',
        )


class TrainingArgumentError(SettingsError):
    """A word of the command line is not one that a training understands."""


class SearchNotFoundError(SettingsError):
    """There is no search to resume."""

    def __init__(self, resume: object, reason: str) -> None:
        super().__init__(
            f"Expected the folder of a search, or the id of its run such as 'YOL-5', to resume; got {str(resume)!r}: "
            f"{reason}. Leave resume out to begin a new search.",
        )


class TrainerClassError(NeptuneYoloError, TypeError):
    """Something is not a trainer class, or has none."""

    def __init__(self, given: object) -> None:
        came = repr(given) if isinstance(given, type | str) else f"an object of the class {type(given).__name__}"
        super().__init__(
            f"Expected a trainer class (a subclass of ultralytics.engine.trainer.BaseTrainer), or a model that can be "
            f"trained; got {came}. Pass the class itself, such as DetectionTrainer, or a model such as "
            f"YOLO('yolo11n.yaml').",
        )


class ProjectNameError(SettingsError):
    """A project name does not have the form workspace/name."""

    def __init__(self, name: object, source: str) -> None:
        super().__init__(
            f"A project must have the form 'workspace/name', with exactly one slash and no blanks; "
            f"{source} gave {name!r}. Correct it there.",
        )


class ProjectMissingError(SettingsError):
    """No project was named for a server that is not the embedded one."""

    def __init__(self, server_url: str) -> None:
        super().__init__(
            f"No project was named for the server {server_url}. Expected 'workspace/name' in "
            f"NeptuneSettings(project=...), in NEPTUNE_PROJECT, or in Ultralytics' project= argument.",
        )


class ApiTokenError(SettingsError):
    """An API token cannot be used."""


class MalformedApiTokenError(ApiTokenError):
    """An API token is not base64-encoded JSON with an api_address."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"The API token from {source} cannot be read: {reason}. Expected the base64 text that your server "
            f"shows as its API token. Copy it again, or unset it to log to the embedded server.",
        )


class HostedServiceTokenError(ApiTokenError):
    """An API token belongs to the hosted service, which no longer exists."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"The API token from {source} belongs to the hosted Neptune service, which was shut down on 2026-03-05: "
            f"unset NEPTUNE_API_TOKEN to log to the embedded server, or set your own server's token.",
        )


class InsecureServerAddressError(ApiTokenError):
    """An API token names a server on another machine by plain http."""

    def __init__(self, server_url: str) -> None:
        super().__init__(
            f"The server address {server_url} uses plain http, which is allowed only on this machine (127.0.0.1, "
            f"localhost), because the API token would travel unprotected. Serve it by https and use that address.",
        )


class FoldsError(NeptuneYoloError, ValueError):
    """A data set cannot be divided into folds."""


class ServerConnectionError(NeptuneYoloError):
    """A server cannot be reached, or does not let us in."""


class ServerUnreachableError(ServerConnectionError):
    """No answer came from the server."""

    def __init__(self, server_url: str, reason: str) -> None:
        super().__init__(
            f"The Neptune server {server_url} does not answer ({reason}). Start it or correct the address in the API "
            f"token; or train without it by NeptuneSettings(on_unreachable='offline') and send the run later with "
            f"`neptune-yolo sync`.",
        )


class EmbeddedServerUnavailableError(ServerConnectionError):
    """The embedded server could not be started."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The embedded server could not be used: {reason} To train without it, set "
            f"NeptuneSettings(on_unreachable='offline') and send the run later with `neptune-yolo sync`.",
        )


class ApiTokenRefusedError(ServerConnectionError):
    """The server does not accept the API token."""

    def __init__(self, server_url: str) -> None:
        super().__init__(
            f"The Neptune server {server_url} refused the API token. Get a new token from that server and set it in "
            f"NEPTUNE_API_TOKEN or NeptuneSettings(api_token=...); unset it to log to the embedded server.",
        )


class ProjectNotFoundError(ServerConnectionError):
    """The server has no such project, or the token gives no access to it."""

    def __init__(self, project: str, server_url: str) -> None:
        super().__init__(
            f"The Neptune server {server_url} has no project {project!r} that this API token may write to. Create the "
            f"project there, or name another one in NeptuneSettings(project=...) or NEPTUNE_PROJECT.",
        )


class RunError(NeptuneYoloError):
    """A run cannot be opened or used."""


class RunNotOpenedError(RunError):
    """The client could not open the run, for a reason that has no exception of its own."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The Neptune client could not open the run: {reason}")


class RunStoppedError(RunError):
    """The run that was handed in is not open any more."""

    def __init__(self, state: str) -> None:
        super().__init__(
            f"NeptuneSettings(run=...) holds a run that is {state}; expected an open one. Open a new one, or pass "
            f"the id of this one: NeptuneSettings(with_id=...).",
        )


class RunNotFoundError(RunError):
    """The run that should be continued does not exist."""

    def __init__(self, run_id: str, project: str) -> None:
        super().__init__(
            f"There is no run {run_id!r} in the project {project!r}. Expected an id such as 'YOL-1' in "
            f"NeptuneSettings(with_id=...); leave it out to start a new run.",
        )


class RunNotAvailableError(RunError):
    """This process has no run: the processes of a multi-GPU training have it."""

    def __init__(self, folder: Path, *, offline: bool = False) -> None:
        """Say what is missing.

        Args:
            folder: Folder of the training, where the note of its run is expected.
            offline: Whether the run is known, but to no server yet.
        """
        if offline:
            what = f"Its run was logged offline, as {folder} tells. Send it by `neptune-yolo sync`, then open it."
        else:
            what = (
                f"Its run was not opened yet: {folder} holds no note of it. Use trainer.run inside the trainer's own "
                "methods, which run in those processes, or here after the training."
            )
        super().__init__(f"This process only starts the processes of a multi-GPU training, which log the run. {what}")


class RunNotResumableError(RunError):
    """The training of a run cannot be continued."""

    def __init__(self, run_id: str, reason: str) -> None:
        super().__init__(
            f"The training of the run {run_id} cannot be continued: {reason}. Expected a run that was interrupted, or "
            "trained with CheckpointPolicy(last=True) or every=...; to train on in this run from a checkpoint of your "
            f"own, use NeptuneSettings(with_id={run_id!r}).",
        )


class RunNotPortableError(RunError):
    """A live run was given to a training that happens in other processes."""

    def __init__(self) -> None:
        super().__init__(
            "NeptuneSettings(run=...) holds a live run, which cannot be handed to the processes of a multi-GPU "
            "training. Stop it and pass its id instead: NeptuneSettings(with_id=run['sys/id'].fetch()).",
        )


class ModelNotRegisteredError(RunError):
    """best.pt could not become a version of a model."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"best.pt could not be registered as a version of the model {model!r}: {reason} Expected the id of a "
            "model of the run's project, such as 'YOL-DET', or a key of capital letters and digits, such as 'DET', in "
            "NeptuneSettings(register_model=...).",
        )


class QueueFolderNotWritableError(RunError):
    """The folder for what is not yet sent cannot be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The Neptune client keeps what is not yet sent in the folder {folder}, which cannot be written "
            f"({reason}). Set NEPTUNE_DATA_DIRECTORY to a folder that can.",
        )
