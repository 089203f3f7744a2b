"""Which server is asked."""

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from neptune_yolo.connection import (
    choose_api_token,
    embedded_server_for,
    server_address,
    start_embedded,
    trusted_certificates,
)
from neptune_yolo.settings import NeptuneSettings

if TYPE_CHECKING:
    from neptune_yolo.server.embedded import EmbeddedServer


@dataclass(frozen=True)
class Server:
    """A server to ask.

    Attributes:
        url: Its address, without a slash at the end.
        api_token: API token that it knows.
        embedded: The embedded server, if it is the one.
    """

    url: str
    api_token: str = field(repr=False)
    embedded: "EmbeddedServer | None" = None

    def trust(self) -> ssl.SSLContext | bool:
        """Return the certificates to trust, which are those that the client itself trusts."""
        return trusted_certificates(self.url)

    def revived(self) -> "Server":
        """Return the same server where it is now: the embedded one is started if it has left.

        Raises:
            EmbeddedServerUnavailableError: If it does not start.
        """
        return self if self.embedded is None else Server(*start_embedded(self.embedded), self.embedded)


def find_server(api_token: str | None = None, home: Path | None = None) -> Server:
    """Return the server that an API token names, else the embedded one, started if need be.

    Args:
        api_token: API token; None for that of NEPTUNE_API_TOKEN.
        home: Data folder of an embedded server, which goes before any token; None for the usual one.

    Raises:
        ApiTokenError: If the token cannot be used.
        EmbeddedServerUnavailableError: If the embedded server does not start.
    """
    token, source = choose_api_token(NeptuneSettings(api_token=api_token), os.environ)
    embedded = embedded_server_for(None if home else token, home)
    if embedded is not None:
        return Server(*start_embedded(embedded), embedded)
    return Server(server_address(str(token), source), str(token))
