"""One-time tickets in the links to the pages of the embedded server.

Whoever has the page key can make one without asking the server: a client, or a program of the same user. The server
accepts each once; a link that stands in a log, or that somebody looked at, then opens nothing.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass

TICKET_SECONDS = 12 * 3600
"""How long a link can wait to be opened for the first time."""

_NONCE_BYTES = 9
_MAC_BYTES = 14
_EXPIRY = struct.Struct(">I")  # seconds since 1970, until the year 2106
_PURPOSE = b"neptune_yolo page ticket\0"
_FORM = re.compile(r"[A-Za-z0-9_-]{36}")  # 27 bytes: no text but one stands for them


@dataclass(frozen=True)
class PageTicket:
    """A ticket that the page key has signed; it may be too old, or used.

    Attributes:
        digest: Tells it from all others: 64 hexadecimal digits.
        expires_ms: When it ends, in milliseconds since 1970 (UTC).
    """

    digest: str
    expires_ms: int


def make_page_ticket(page_key: str, now_ms: int) -> str:
    """Return a new ticket of 36 letters, digits, ``-`` and ``_``.

    Args:
        page_key: Key of the pages.
        now_ms: The present moment, in milliseconds since 1970 (UTC).
    """
    content = secrets.token_bytes(_NONCE_BYTES) + _EXPIRY.pack(now_ms // 1000 + TICKET_SECONDS)
    return base64.urlsafe_b64encode(content + _mac(page_key, content)).decode()


def page_link(url: str, page_key: str, now_ms: int, path: str = "") -> str:
    """Return a new link that opens a page once, in any browser.

    Args:
        url: Address of the server, without a slash at the end.
        page_key: Key of its pages; the link holds a ticket that it has signed, not the key.
        now_ms: The present moment, in milliseconds since 1970 (UTC).
        path: Path of the page, from a slash on; a client puts it behind the link itself.
    """
    return f"{url}/open/{make_page_ticket(page_key, now_ms)}{path}"


def read_page_ticket(page_key: str, text: str) -> PageTicket | None:
    """Return what a ticket says; None for one that the page key has not signed."""
    if _FORM.fullmatch(text) is None:
        return None
    try:
        data = base64.urlsafe_b64decode(text)
    except binascii.Error:
        return None
    content, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(page_key, content)):
        return None
    (expires,) = _EXPIRY.unpack(content[_NONCE_BYTES:])
    return PageTicket(hashlib.sha256(content).hexdigest(), expires * 1000)


def _mac(page_key: str, content: bytes) -> bytes:
    return hmac.new(page_key.encode(), _PURPOSE + content, hashlib.sha256).digest()[:_MAC_BYTES]
