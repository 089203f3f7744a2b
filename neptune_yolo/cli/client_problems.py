"""What the client's own commands say went wrong: they log it and go on, and their caller learns nothing."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_SERVER_LOGGER = "neptune"
"""Logger on which the client repeats, as an error, what a server has answered."""

_COMMAND_LOGGER = "neptune_no_prefix"
"""Logger of the client's commands."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_BANNER = re.compile(r"-{4}\w*-{4,}")
_NOT_FOUND = "Can't fetch"
_MISSING_RUN = "the server has no such run any more, or this API token may not see it."
_SHOWN_CHARACTERS = 300


@dataclass
class ClientProblems:
    """Collects what the client logs.

    Attributes:
        answers: What a server has answered, each once.
        errors: The client's own errors, each once.
        warnings: What it has left out, each once.
    """

    answers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The most telling one as a sentence; empty if the client said nothing."""
        found = [*self.answers, *self.errors, *self.warnings]
        return found[0] if found else ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take note of a record; let all pass but the client's errors, which are long and told in short at the end."""
        if record.levelno < logging.WARNING:
            return True
        text = client_text(record.getMessage())
        error = record.exc_info[1] if record.exc_info else None
        kind = self.errors if error is not None else self.answers if record.name == _SERVER_LOGGER else self.warnings
        if text.startswith(_NOT_FOUND):
            text = _MISSING_RUN
        if text and text not in kind:
            kind.append(text)
        return error is None or not type(error).__module__.startswith("neptune.")


@contextmanager
def recorded_problems(problems: ClientProblems) -> Iterator[None]:
    """Collect what the client logs meanwhile.

    Args:
        problems: Where it goes.
    """
    loggers = [logging.getLogger(name) for name in (_SERVER_LOGGER, _COMMAND_LOGGER)]
    for logger in loggers:
        logger.addFilter(problems)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(problems)


def client_text(text: str) -> str:
    """Return a message of the client in one line, without colours and banners.

    Args:
        text: The message.
    """
    line = " ".join(_BANNER.sub("", _COLOURS.sub("", text)).split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}..."
