"""Values of a query: numbers, truth values and moments."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from neptune_yolo.server.domain.container import RunState

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MONTHS_PER_YEAR = 12

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_RELATIVE = re.compile(r"-\s*(\d{1,6})\s*([A-Za-z]+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d)", re.ASCII)

_UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
}
_MONTHS: Mapping[str, int] = {
    **dict.fromkeys(("M", "mo", "month", "months"), 1),
    **dict.fromkeys(("y", "year", "years"), MONTHS_PER_YEAR),
}
_TRUTH: Mapping[str, bool] = {"true": True, "false": False}
_STATES: Mapping[str, RunState] = {
    "running": RunState.RUNNING,
    "active": RunState.RUNNING,
    "idle": RunState.IDLE,
    "inactive": RunState.IDLE,
}


def read_number(text: str) -> int | float | None:
    """Return a number, exactly if it is whole and below 10^18; None if the text is none."""
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else None


def read_truth(text: str) -> bool | None:
    """Return what ``true`` and ``false`` stand for, in any letter case; None for other texts."""
    return _TRUTH.get(text.lower())


def read_state(text: str) -> str | None:
    """Return a state by its name on the wire, or by the client's (``active``, ``inactive``); None for other texts."""
    return _STATES.get(text.lower())


def read_moment(text: str, now_ms: int) -> int | None:
    """Return a moment, in milliseconds since 1970 (UTC); None if the text is none.

    Args:
        text: A date or moment of ISO 8601 (UTC if it names no zone), or one before now: ``-24h``. Units are seconds,
            minutes, hours, days, weeks, months and years, by name or by ``s m h d w M y``; the case of the letters
            counts for ``m`` and ``M`` only. A month before the 31st of a month is the last day of a shorter one.
        now_ms: The present moment, in milliseconds since 1970 (UTC).
    """
    relative = _RELATIVE.fullmatch(text.strip())
    try:
        if relative is not None:
            return _before(now_ms, int(relative[1]), relative[2])
        return _absolute(text.strip())
    except (OverflowError, ValueError):
        return None


def _absolute(text: str) -> int | None:
    if not _DATE.match(text):
        return None
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // MILLISECOND


def _before(now_ms: int, count: int, unit: str) -> int | None:
    name = unit if len(unit) == 1 else unit.lower()
    months = _MONTHS.get("y" if name == "Y" else name)
    if months is not None:
        return _months_before(now_ms, count * months)
    step = _UNITS.get(name.lower())
    return None if step is None else now_ms - count * (step // MILLISECOND)


def _months_before(now_ms: int, months: int) -> int:
    now = EPOCH + now_ms * MILLISECOND
    year, month = divmod(now.year * MONTHS_PER_YEAR + now.month - 1 - months, MONTHS_PER_YEAR)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return (now.replace(year=year, month=month + 1, day=day) - EPOCH) // MILLISECOND
