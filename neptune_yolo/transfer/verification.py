"""Reads a run back from the server and compares it with what it is to hold: every value, point and hash of a file."""

import math
from collections.abc import Iterator, Mapping

from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.forms import AttributeView
from neptune_yolo.transfer.report import Difference
from neptune_yolo.transfer.writing.expected import Expected, ExpectedAtom, ExpectedFloats, ExpectedTexts

_SHOWN_CHARACTERS = 80
_NOTHING = "nothing"


def differences(api: ReadApi, project: str, run: str, expected: Expected) -> Iterator[Difference]:
    """Yield what a run on the server does not hold as it should; nothing if all is well.

    Args:
        api: The server.
        project: ``workspace/name``.
        run: Identifier of the run.
        expected: What it is to hold; what it holds beside does not matter.

    Raises:
        ReadError: If the server does not answer.
    """
    there = {view.path: view for view in api.attributes(project, run)}
    for path, atom in expected.atoms.items():
        yield from _of_atom(path, atom, there.get(path))
    yield from _of_floats(api, project, run, expected.floats)
    for path, texts in expected.texts.items():
        yield from _of_texts(api, (project, run, path), texts, there.get(path))
    for path, pictures in expected.pictures.items():
        yield from _of_pictures(api, (project, run, path), pictures, there.get(path))
    for path, (size_bytes, sha256) in expected.files.items():
        found = getattr(there.get(path), "file", None)
        if found is None or (found.size_bytes, found.sha256) != (size_bytes, sha256):
            words = _NOTHING if found is None else _bytes(found.size_bytes, found.sha256)
            yield Difference(path, _bytes(size_bytes, sha256), words)
    for path, members in expected.sets.items():
        yield from _of_set(api, (project, run, path), members, there.get(path))


def _of_atom(path: str, atom: ExpectedAtom, view: AttributeView | None) -> Iterator[Difference]:
    if view is None:
        yield Difference(path, f"{atom.type} {_shown(atom.value)}", _NOTHING)
        return
    length = view.length or (len(view.value) if isinstance(view.value, str) else 0)
    found = sorted(view.value) if isinstance(view.value, list) else view.value
    if isinstance(found, float | int) and isinstance(atom.value, float):
        is_same = float(found).hex() == atom.value.hex()
    else:
        is_same = found == atom.value
    if view.type != atom.type or not is_same or (atom.length and length != atom.length):
        of = f" of {atom.length} characters" if atom.length > _SHOWN_CHARACTERS else ""
        of_found = f" of {length} characters" if length > _SHOWN_CHARACTERS else ""
        yield Difference(path, f"{atom.type} {_shown(atom.value)}{of}", f"{view.type} {_shown(found)}{of_found}")


def _of_floats(api: ReadApi, project: str, run: str, expected: Mapping[str, ExpectedFloats]) -> Iterator[Difference]:
    found: dict[str, ExpectedFloats] = {}
    for points in api.series.raw(project, [(run, path) for path in expected]):
        found.setdefault(points.path, ExpectedFloats()).add(points.steps, points.times_ms, points.values)
    for path, series in expected.items():
        there = found.get(path)
        if series.count and (there is None or there.checksum != series.checksum):
            yield _of_series(path, series, there)


def _of_texts(
    api: ReadApi, place: tuple[str, str, str], expected: ExpectedTexts, view: AttributeView | None
) -> Iterator[Difference]:
    found = ExpectedTexts()
    if view is not None and view.type == "stringSeries":
        found.add((point.step, point.logged_ms, point.value) for point in api.series.texts(*place))
    if found.checksum != expected.checksum:
        yield _of_series(place[2], expected, found)


def _of_series(
    path: str, expected: ExpectedFloats | ExpectedTexts, found: ExpectedFloats | ExpectedTexts | None
) -> Difference:
    if found is None or not found.count:
        return Difference(path, _points(expected), _NOTHING)
    return Difference(path, _points(expected), _points(found))


def _of_pictures(
    api: ReadApi,
    place: tuple[str, str, str],
    expected: list[tuple[float, int, str]],
    view: AttributeView | None,
) -> Iterator[Difference]:
    is_there = view is not None and view.type == "imageSeries"
    points = api.series.pictures(*place) if is_there else iter(())
    found = {point.step: (point.size_bytes, point.sha256) for point in points}
    wanted = {step: (size_bytes, sha256) for step, size_bytes, sha256 in expected}
    for step in sorted(wanted.keys() | found.keys()):
        if wanted.get(step) != found.get(step):
            yield Difference(f"{place[2]} at step {step:g}", _file(wanted.get(step)), _file(found.get(step)))


def _of_set(
    api: ReadApi,
    place: tuple[str, str, str],
    expected: Mapping[str, tuple[int, str]],
    view: AttributeView | None,
) -> Iterator[Difference]:
    if view is None or view.type != "fileSet":
        yield Difference(place[2], f"a set of {len(expected)} files", _NOTHING if view is None else view.type)
        return
    found = {member.path: (member.size_bytes, member.sha256) for member in api.files.members(*place)}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield Difference(f"{place[2]}/{name}", _file(expected.get(name)), _file(found.get(name)))


def _points(series: ExpectedFloats | ExpectedTexts) -> str:
    step = math.nan if series.last_step is None else series.last_step
    return f"{series.count} points up to step {step:g} (checksum {series.checksum})"


def _file(facts: tuple[int, str] | None) -> str:
    return _NOTHING if facts is None else _bytes(*facts)


def _bytes(size_bytes: int, sha256: str) -> str:
    return f"{size_bytes} bytes with SHA-256 {sha256[:16]}..."


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
