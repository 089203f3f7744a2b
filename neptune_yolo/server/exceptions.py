"""Errors of the server side.

The tree::

    ServerError
    ├── InvalidRequestError            the request cannot be understood or does not fit          400
    │   ├── InvalidProjectNameError    a workspace or project name of a wrong form               400
    │   ├── LengthMismatchError        fewer or more bytes came than were announced              400
    │   ├── InvalidProjectKeyError     a project key of a wrong form                             400
    │   ├── ProjectExistsError         a new project with the name of another one                400
    │   ├── ProjectKeyTakenError       a new project with the key of another one                 400
    │   ├── InvalidUserNameError       a user name of a wrong form                               400
    │   └── QuerySyntaxError           a table query that cannot be read                         400
    ├── UnauthorizedError              no token, or one that this server did not issue           401
    ├── ForbiddenError                 the caller may see it, and may not do that                403
    ├── NotFoundError                  a project, container, attribute or upload is missing      404
    ├── SlowRequestError               the body does not come, or comes too slowly                 408
    ├── ConflictError                  it exists already, with other content                     409
    ├── RequestTooLargeError           the body exceeds the server's limit                       413
    ├── TooManyValuesError             the JSON body has more values than the limit              413
    ├── PackageTooLargeError           the package of files unpacks to more than the limit       413
    ├── NotApplicableError             the request names a user that it can't be done to         422
    ├── StorageUnavailableError        disk full, database locked or unreadable; try again       503
    ├── OperationRefusedError          one operation of a batch; reported in the batch's result  (200)
    ├── ConfigurationError             settings of a team server that are unknown, wrong or unsafe
    ├── BackupError                    a backup that can't be made, is unfinished or damaged, or has no room
    └── EmbeddedServerError            starting, finding or stopping the embedded server
        ├── DataFolderNotWritableError
        ├── PortTakenError
        └── ServerStartError

The status beside a class is what ``api/errors.py`` answers with.
"""

from pathlib import Path

SHOWN_CHARACTERS = 200

_WITHOUT_PROJECT = frozenset({"user", "API token", "project", "workspace"})
"""Kinds of things that lie in no project."""


def _shown(text: str) -> str:
    """Return as much of a text as a message needs: a peer may send megabytes where a name belongs."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


class ServerError(Exception):
    """Root of all errors that the server raises on purpose."""


class InvalidRequestError(ServerError):
    """The request does not have the form that the operation needs."""


class InvalidProjectNameError(InvalidRequestError):
    """A project identifier that is not ``workspace/name``."""

    error_type = "PROJECT_NAME_INVALID"

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        self.details: dict[str, object] = {"name": identifier}
        super().__init__(
            f"Expected a project as 'workspace/name' (1 to 128 printable characters each, no '/' inside), "
            f"got {_shown(identifier)!r}. Give the project a name of that form."
        )


class InvalidProjectKeyError(InvalidRequestError):
    """A project key that cannot be the beginning of identifiers; the client has an error of its own for it."""

    error_type = "PROJECT_KEY_INVALID"

    def __init__(self, key: str) -> None:
        reason = "Expected 1 to 20 capital letters or digits, a letter first."
        self.details: dict[str, object] = {"key": key, "reason": reason}
        super().__init__(f"{reason} Got {_shown(key)!r}. Choose another key, or leave it out.")


class ProjectExistsError(InvalidRequestError):
    """A new project with the name of another one; the client knows the error by its list."""

    def __init__(self, name: str) -> None:
        error = {"errorCode": {"name": "ERR_NOT_UNIQUE"}, "context": name}
        self.details: dict[str, object] = {"validationErrors": [{"errors": [error]}]}
        super().__init__(
            f"Expected the name of a new project, got {_shown(name)!r}, which exists. Choose another name."
        )


class ProjectKeyTakenError(InvalidRequestError):
    """A new project with the key of another one of its workspace; the client has an error of its own for it."""

    error_type = "PROJECT_KEY_COLLISION"

    def __init__(self, key: str) -> None:
        self.details: dict[str, object] = {"key": key}
        super().__init__(
            f"Expected a project key that is new in its workspace, got {_shown(key)!r}. "
            f"Choose another key, or leave it out."
        )


class InvalidUserNameError(InvalidRequestError):
    """A user name of a wrong form."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Expected a user name of 1 to 128 printable characters without spaces and slashes, got {_shown(name)!r}. "
            f"Choose another name."
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


class QuerySyntaxError(InvalidRequestError):
    """A table query that cannot be read; the client knows the error by its title."""

    title = "Syntax error"

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        self.line = line
        self.column = column
        self.details: dict[str, object] = {"line": line, "column": column}
        super().__init__(message)


class UnauthorizedError(ServerError):
    """The token is missing, malformed, expired or of another server."""


class ForbiddenError(ServerError):
    """The caller may see what the request names, and may not do that with it."""


class NotFoundError(ServerError):
    """What the request names does not exist."""

    def __init__(self, kind: str, identifier: str) -> None:
        self.kind = kind
        self.identifier = identifier
        place = "" if kind in _WITHOUT_PROJECT else " and its project"
        super().__init__(f"Expected an existing {kind}, got {_shown(identifier)!r}. Check its spelling{place}.")


class SlowRequestError(ServerError):
    """A body that paused for too long; the client sends it again."""

    def __init__(self, received_bytes: int) -> None:
        self.received_bytes = received_bytes
        super().__init__(
            f"Expected the rest of the request's body, got nothing more for too long after {received_bytes} bytes. "
            f"Send the request again."
        )


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


class TooManyValuesError(ServerError):
    """The JSON body would take too much memory once it is parsed."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"Expected a JSON body of at most {limit} values, got more. Send smaller batches.")


class PackageTooLargeError(ServerError):
    """A package of files that unpacks to more than the limit, or out of proportion to its size."""

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"Expected a package that unpacks to at most {limit}, got more. Upload fewer files at a time, or large "
            f"ones by themselves."
        )


class NotApplicableError(ServerError):
    """The request names a user that it cannot be done to, such as one who is no member."""


class StorageUnavailableError(ServerError):
    """The data folder or the database cannot be written or read at the moment; the client tries again."""


class OperationRefusedError(ServerError):
    """One operation of a batch cannot be applied; the others are."""


class ConfigurationError(ServerError):
    """A setting of a team server is unknown, of a wrong type, or unsafe."""


class BackupError(ServerError):
    """A backup cannot be made or restored."""


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
