"""The keys of a data folder: made once, kept as long as the folder."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from neptune_yolo.server.domain.api_token import make_api_token, secret_in
from neptune_yolo.server.exceptions import EmbeddedServerError
from neptune_yolo.server.private_files import (
    belongs_to_another,
    read_private_file,
    restrict_to_owner,
    write_private_file,
)

_SECRET_BYTES = 32
_PAGE_KEY_BYTES = 18


@dataclass(frozen=True)
class EmbeddedCredentials:
    """The keys of one data folder.

    Attributes:
        api_secret: The secret inside the API token.
        signing_key: Signs the access tokens; kept, because a live client goes on with an unexpired one.
        page_key: Signs the tickets in the links that open pages in the browser.
    """

    api_secret: str
    signing_key: str
    page_key: str

    def __repr__(self) -> str:
        """Return a text without the keys, so that they can't reach a log."""
        return "EmbeddedCredentials(...)"

    def api_token(self, url: str) -> str:
        """Return what a client needs as ``NEPTUNE_API_TOKEN`` to reach the server at `url`."""
        return make_api_token(url, self.api_secret)

    def issued(self, api_token: str) -> bool:
        """Return whether an API token is one of this data folder, whatever address it names."""
        return hmac.compare_digest(secret_in(api_token).encode(), self.api_secret.encode())


def read_credentials(path: Path) -> EmbeddedCredentials | None:
    """Return the keys kept at `path`, or None if there are none yet.

    Raises:
        EmbeddedServerError: If the file is there and isn't what was written, or is another user's.
    """
    if belongs_to_another(path):
        raise EmbeddedServerError(
            f"Expected the keys of the embedded server in {path} as this user's own file, got one that somebody else "
            "has made, or a link: whoever made it would know the keys. Set NEPTUNE_YOLO_HOME to a folder of your own."
        )
    content = read_private_file(path)
    if content is None:
        return None
    try:
        values = json.loads(content)
        kept = {field.name: values[field.name] for field in fields(EmbeddedCredentials)}
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error
    if not all(isinstance(value, str) and value for value in kept.values()):
        raise _unreadable(path)
    return EmbeddedCredentials(**kept)


def load_or_create_credentials(path: Path) -> EmbeddedCredentials:
    """Return the keys kept at `path`; make and keep new ones if there are none.

    Raises:
        EmbeddedServerError: If the file is there and isn't what was written.
    """
    kept = read_credentials(path)
    if kept is not None:
        restrict_to_owner(path)
        return kept
    made = EmbeddedCredentials(
        api_secret=secrets.token_urlsafe(_SECRET_BYTES),
        signing_key=secrets.token_urlsafe(_SECRET_BYTES),
        page_key=secrets.token_urlsafe(_PAGE_KEY_BYTES),
    )
    write_private_file(path, json.dumps(asdict(made), indent=2).encode())
    return made


def _unreadable(path: Path) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"Expected the keys of the embedded server in {path}, but the file is damaged. Remove it to get new keys at "
        "the next start; programs that hold the old API token then need the new one (`neptune-yolo env` prints it)."
    )
