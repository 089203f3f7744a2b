"""Links to pages, in tests."""

import re


def without_tickets(text: str) -> str:
    """Return a text with a star in place of each one-time ticket, which no two links share."""
    return re.sub(r"/open/[A-Za-z0-9_-]{36}(?![A-Za-z0-9_-])", "/open/*", text)
