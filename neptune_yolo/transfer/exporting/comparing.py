"""Compares what an export has written, read again, with what it should have written."""

from collections.abc import Iterator, Mapping

from neptune_yolo.transfer.report import Difference, RunReport
from neptune_yolo.transfer.writing.expected import Expected, ExpectedAtom, ExpectedFloats, ExpectedTexts

_SHOWN_CHARACTERS = 80
_NOTHING = "nothing"


def differences(expected: Expected, found: Expected) -> Iterator[Difference]:
    """Yield in what two records of the same run differ.

    Args:
        expected: What the server has.
        found: What is in the export.
    """
    for path in sorted(expected.atoms.keys() | found.atoms.keys()):
        wanted, there = expected.atoms.get(path), found.atoms.get(path)
        if wanted is None or there is None or not _is_same(wanted, there):
            yield Difference(path, _atom(wanted), _atom(there))
    yield from _series(expected.floats, found.floats)
    yield from _series(expected.texts, found.texts)
    yield from _files(expected.files, found.files)
    for path in sorted(expected.sets.keys() | found.sets.keys()):
        inner, there_inner = expected.sets.get(path, {}), found.sets.get(path, {})
        yield from _files(_below(path, inner), _below(path, there_inner))
    for path in sorted(expected.pictures.keys() | found.pictures.keys()):
        pictures, others = (
            {f"{path} at step {step:g}": (size, sha256) for step, size, sha256 in side.pictures.get(path, [])}
            for side in (expected, found)
        )
        yield from _files(pictures, others)


def count(report: RunReport, expected: Expected) -> None:
    """Put the counts of a record into a report."""
    report.attributes = expected.attribute_count
    report.points = expected.point_count
    report.files = expected.file_count
    report.file_bytes = expected.file_bytes


def _is_same(wanted: ExpectedAtom, there: ExpectedAtom) -> bool:
    if wanted.type != there.type or wanted.length != there.length:
        return False
    if isinstance(wanted.value, float) and isinstance(there.value, float):
        return (wanted.value + 0.0).hex() == (there.value + 0.0).hex()
    return wanted.value == there.value


def _series(
    expected: Mapping[str, ExpectedFloats | ExpectedTexts], found: Mapping[str, ExpectedFloats | ExpectedTexts]
) -> Iterator[Difference]:
    for path in sorted(expected.keys() | found.keys()):
        wanted, there = expected.get(path), found.get(path)
        is_same = wanted is not None and there is not None and wanted.checksum == there.checksum
        if not is_same and ((wanted and wanted.count) or (there and there.count)):
            yield Difference(path, _points(wanted), _points(there))


def _files(expected: Mapping[str, tuple[int, str]], found: Mapping[str, tuple[int, str]]) -> Iterator[Difference]:
    for path in sorted(expected.keys() | found.keys()):
        wanted, there = expected.get(path), found.get(path)
        if wanted != there:
            yield Difference(path, _file(wanted), _file(there))


def _below(path: str, members: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    return {f"{path}/{name}": facts for name, facts in members.items()}


def _atom(atom: ExpectedAtom | None) -> str:
    if atom is None:
        return _NOTHING
    text = repr(atom.value)
    return f"{atom.type} {text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + '…'}"


def _points(series: ExpectedFloats | ExpectedTexts | None) -> str:
    return _NOTHING if series is None else f"{series.count} points with the checksum {series.checksum}"


def _file(facts: tuple[int, str] | None) -> str:
    return _NOTHING if facts is None else f"{facts[0]} bytes with the SHA-256 {facts[1][:16]}…"
