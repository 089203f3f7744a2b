"""Errors of the server side.

The tree::

    ServerError
    ├── InvalidRequestError            the request cannot be understood or does not fit          400
    │   ├── InvalidProjectNameError    a workspace or project name of a wrong form               400
    │   └── LengthMismatchError        fewer or more bytes came than were announced              400
    ├── UnauthorizedError              no token, or one that this server did not issue           401
    ├── NotFoundError                  a project, container, attribute or upload is missing      404
    ├── ConflictError                  it exists already, with other content                     409
    ├── RequestTooLargeError           the body exceeds the server's limit                       413
    ├── StorageUnavailableError        disk full, database locked or unreadable; try again       503
    ├── OperationRefusedError          one operation of a batch; reported in the batch's result  (200)
    └── EmbeddedServerError            starting, finding or stopping the embedded server
        ├── DataFolderNotWritableError
        ├── PortTakenError
        └── ServerStartError

The status beside a class is what ``api/errors.py`` answers with.
"""

from pathlib import Path


class ServerError(Exception):
    """Root of all errors that the server raises on purpose."""


class InvalidRequestError(ServerError):
    """The request does not have the form that the operation needs."""


class InvalidProjectNameError(InvalidRequestError):
    """A project identifier that is not ``workspace/name``."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(
            f"Expected a project as 'workspace/name' (1 to 128 printable characters each, no '/' inside), "
            f"got {identifier!r}. Give the project a name of that form."
        )


class LengthMismatchError(InvalidRequestError):
    """A body was shorter or longer than announced; the client repeats the upload on this wording."""

    def __init__(self, expected_bytes: int, received_bytes: int) -> None:
        self.expected_bytes = expected_bytes
        self.received_bytes = received_bytes
        super().__init__(
            f"Length of stream does not match given range: expected {expected_bytes} bytes, "
            f"got {received_bytes}. Send the part again."
        )


class UnauthorizedError(ServerError):
    """The token is missing, malformed, expired or of another server."""


class NotFoundError(ServerError):
    """What the request names does not exist."""

    def __init__(self, kind: str, identifier: str) -> None:
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"Expected an existing {kind}, got {identifier!r}. Check its spelling and its project.")


class ConflictError(ServerError):
    """What the request would create exists already."""


class RequestTooLargeError(ServerError):
    """The body is larger than the server reads into memory."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(
            f"Expected a request body of at most {limit_bytes} bytes, got more. "
            f"Send smaller batches (NEPTUNE_MAX_BATCH_SIZE_BYTES) or upload the data as a file."
        )


class StorageUnavailableError(ServerError):
    """The data folder or the database cannot be written or read at the moment; the client tries again."""


class OperationRefusedError(ServerError):
    """One operation of a batch cannot be applied; the others are."""


class EmbeddedServerError(ServerError):
    """The embedded server could not be started, found or stopped."""


class DataFolderNotWritableError(EmbeddedServerError):
    """The data folder cannot be created or written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        super().__init__(
            f"Expected a writable data folder, got {str(folder)!r} ({reason}). "
            f"Make it writable, or set NEPTUNE_YOLO_HOME to a folder that is."
        )


class PortTakenError(EmbeddedServerError):
    """The port that was asked for belongs to another program."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Expected port {port} on {host} to be free, but another program listens there. "
            f"Choose another port, or stop that program."
        )


class ServerStartError(EmbeddedServerError):
    """The server process ended, or did not answer in time."""

    def __init__(self, reason: str, log_file: Path, last_lines: str) -> None:
        self.log_file = log_file
        shown = f" Its last lines:\n{last_lines}" if last_lines else ""
        super().__init__(
            f"Expected the embedded server to start, but {reason}. See {str(log_file)!r} for the cause.{shown}"
        )
