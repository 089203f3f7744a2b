"""Exceptions of reading.

::

    NeptuneYoloError
    └── ReadError
        ├── RequestRefusedError (ValueError)
        │   └── ConflictingError
        ├── ThingNotFoundError (LookupError)
        ├── AccessRefusedError
        ├── ServerNotAnsweringError
        ├── UnexpectedAnswerError
        ├── FileDamagedError
        ├── TargetRefusedError (ValueError)
        └── PackageMissingError (ImportError)

A token that cannot be used is a `neptune_yolo.exceptions.ApiTokenError`, as everywhere.
"""

from neptune_yolo.exceptions import NeptuneYoloError


class ReadError(NeptuneYoloError):
    """Something cannot be read."""


class RequestRefusedError(ReadError, ValueError):
    """The server does not understand what it is asked for: a query that is no NQL, a page that is too large."""


class ConflictingError(RequestRefusedError):
    """What is to be made is there already, and is another one."""


class ThingNotFoundError(ReadError, LookupError):
    """There is no such project, run, attribute or file, or the token gives no access to it."""


class AccessRefusedError(ReadError):
    """The token is not valid on this server, or its user may not do this."""


class ServerNotAnsweringError(ReadError):
    """No answer came from the server, after several tries."""

    def __init__(self, server_url: str, reason: str) -> None:
        super().__init__(
            f"Expected an answer of the server {server_url}, got none ({reason}). Start it, or correct the address in "
            "the API token; unset NEPTUNE_API_TOKEN to use the embedded server.",
        )


class UnexpectedAnswerError(ReadError):
    """An answer came that is not one of this version of the server."""


class FileDamagedError(ReadError):
    """The bytes of a file that arrived are not those that the server has stored."""

    def __init__(self, what: str, expected: str, got: str) -> None:
        super().__init__(
            f"Expected {what} to have the SHA-256 {expected}, got bytes with {got}. Nothing was kept of it: try again, "
            "and run `neptune-yolo verify` on the server if it happens again.",
        )


class TargetRefusedError(ReadError, ValueError):
    """A file cannot be written where it should go."""


class PackageMissingError(ReadError, ImportError):
    """A package that was asked for is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"Expected the package {package} to be installed, which is not. "
            f'Install it by: pip install "neptune-yolo[{extra}]".'
        )
