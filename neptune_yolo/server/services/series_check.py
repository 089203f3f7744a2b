"""Count the points of every series, and compute again what is kept beside them."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.series import FloatArrays
from neptune_yolo.server.domain.statistics import Statistics
from neptune_yolo.server.domain.verification import Finding, FindingKind, SeriesFacts
from neptune_yolo.server.store.interfaces import Session, Store

PAGE_SIZE = 200
"""Series looked at in one transaction."""

TOLERANCE = 1e-6
"""Relative difference of mean and variance that rounding explains: they are kept up to date point by point."""


@dataclass(frozen=True)
class SeriesOutcome:
    """What the series look like.

    Attributes:
        findings: What is not as it should be.
        series: Number of series.
        points: Points in them.
    """

    findings: list[Finding]
    series: int
    points: int


def check_series(store: Store) -> SeriesOutcome:
    """Look at the points of every series.

    Args:
        store: Gives transactions.

    Raises:
        StorageUnavailableError: If the database cannot be read.
    """
    findings: list[Finding] = []
    series = points = after_pk = 0
    while True:
        with store.read(is_long=True) as session:  # points and what is kept beside them, of one moment
            page = session.checks.page_series(after_pk, PAGE_SIZE)
            if not page:
                return SeriesOutcome(findings, series, points)
            counts = session.checks.count_points([facts.pk for facts in page])
            for facts in page:
                findings += [
                    Finding(FindingKind.WRONG_SERIES, session.checks.describe(facts.pk), sentence)
                    for sentence in _problems(session, facts, counts.get(facts.pk, (0, None)))
                ]
        series += len(page)
        points += sum(facts.point_count for facts in page)
        after_pk = page[-1].pk


def _problems(session: Session, facts: SeriesFacts, counted: tuple[int, float | None]) -> Iterator[str]:
    if facts.type is not AttributeType.FLOAT_SERIES:
        if (facts.point_count, facts.last_step) != counted:
            yield f"Expected {facts.point_count} points up to step {facts.last_step}, got {_points(*counted)}."
        return
    try:
        arrays = session.series.read_floats(facts.pk)
    except (struct.error, ValueError, KeyError, TypeError) as error:
        yield f"Expected packed points that can be read, got bytes that cannot ({error})."
        return
    yield from _float_problems(facts, arrays)


def _float_problems(facts: SeriesFacts, arrays: FloatArrays) -> Iterator[str]:
    count = len(arrays)
    last_step = float(arrays.steps[-1]) if count else None
    last = float(arrays.values[-1]) if count else None
    if (facts.point_count, facts.last_step) != (count, last_step):
        yield f"Expected {facts.point_count} points up to step {facts.last_step}, got {_points(count, last_step)}."
        return
    if facts.last != last:
        yield f"Expected the last value {facts.last}, got {last}."
    if bool((arrays.steps[1:] <= arrays.steps[:-1]).any()):
        yield "Expected steps that increase, got some that do not."
    if count:
        yield from _statistics_problems(facts.statistics, Statistics.of(arrays.values.tolist()))


def _statistics_problems(kept: Statistics | None, found: Statistics) -> Iterator[str]:
    if kept is None:
        yield "Expected minimum, maximum, mean and variance of the values, got none."
        return
    scale = max(abs(found.minimum), abs(found.maximum))
    wrong = [
        name
        for name, one, other, span in (
            ("minimum", kept.minimum, found.minimum, 0.0),
            ("maximum", kept.maximum, found.maximum, 0.0),
            ("mean", kept.mean, found.mean, TOLERANCE * scale),
            ("squares", kept.squares, found.squares, TOLERANCE * min(scale, 1e150) ** 2 * found.count),
        )
        if not math.isclose(one, other, rel_tol=TOLERANCE if span else 0.0, abs_tol=span)
    ]
    if wrong:
        yield f"Expected the statistics of the values, {found}, got another {' and '.join(wrong)}: {kept}."


def _points(count: int, last_step: float | None) -> str:
    return f"{count} points up to step {last_step}"
