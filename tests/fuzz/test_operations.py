"""Batches of operations against a model of what a run holds."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.conftest import examples
from tests.fuzz.world import LEADERBOARD, World, check

PATHS = ["a", "b", "a/b", "é"]
TAGS = ["x", "y", "", "X", "é"]

steps = st.one_of(st.none(), st.integers(-2, 6).map(float), st.sampled_from([0.5, 1e300, -1e300, 2.0**53]))
numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def operations(draw: DrawFn) -> dict[str, Any]:
    """Return an operation that is well-formed, though it may not fit what is there."""
    path = draw(st.sampled_from(PATHS))
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2:
            entries = [
                {"step": draw(steps), "timestampMilliseconds": draw(st.integers(0, 2)), "value": draw(numbers)}
                for _ in range(draw(st.integers(0, 5)))
            ]
            return {"path": path, "logFloats": {"entries": entries}}
        case 3:
            lines = [
                {"step": draw(steps), "timestampMilliseconds": 1, "value": draw(st.sampled_from(["", "l", "é"]))}
                for _ in range(draw(st.integers(0, 3)))
            ]
            return {"path": path, "logStrings": {"entries": lines}}
        case 4:
            return {"path": path, "assignFloat": {"value": draw(numbers)}}
        case 5:
            return {
                "path": path,
                "assignString": {
                    "value": draw(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5))
                },
            }
        case 6:
            return {"path": path, "deleteAttribute": {}}
        case 7:
            return {"path": path, draw(st.sampled_from(["clearFloatSeries", "clearStringSeries"])): {}}
        case 8:
            return {"path": "sys/tags", "insertStrings": {"values": draw(st.lists(st.sampled_from(TAGS), max_size=4))}}
        case _:
            return {"path": "sys/tags", "removeStrings": {"values": draw(st.lists(st.sampled_from(TAGS), max_size=4))}}


@dataclass
class Model:
    """What a run should hold: type and content of each path, and the tags."""

    kinds: dict[str, str] = field(default_factory=dict)
    contents: dict[str, Any] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)

    def apply(self, operation: dict[str, Any]) -> int:
        """Apply an operation; returns how many sentences of refusal are due."""
        path, name = operation["path"], next(key for key in operation if key != "path")
        body = operation[name]
        if name == "deleteAttribute":
            refused = path not in self.kinds
            self.kinds.pop(path, None)
            self.contents.pop(path, None)
            return int(refused)
        if name in {"insertStrings", "removeStrings"}:
            change = self.tags.update if name == "insertStrings" else self.tags.difference_update
            change(body["values"])
            return 0
        kind = _KINDS[name]
        if self.kinds.setdefault(path, kind) != kind:
            return 1
        if name.startswith("assign"):
            self.contents[path] = body["value"]
            return 0
        points = self.contents.setdefault(path, [])
        if name.startswith("clear"):
            points.clear()
            return 0
        return sum(self._log(points, entry) for entry in body["entries"])

    def _log(self, points: list[tuple[float, int, Any]], entry: dict[str, Any]) -> int:
        last = points[-1][0] if points else None
        step = entry["step"] if entry["step"] is not None else 0.0 if last is None else last + 1.0
        point = (step, entry["timestampMilliseconds"], entry["value"])
        if last is None or step > last:
            points.append(point)
            return 0
        return int(point not in points)


_KINDS = {
    "logFloats": "floatSeries",
    "clearFloatSeries": "floatSeries",
    "logStrings": "stringSeries",
    "clearStringSeries": "stringSeries",
    "assignFloat": "float",
    "assignString": "string",
}


@examples(40)
@given(batches=st.lists(st.lists(operations(), max_size=6), max_size=4))
def test_a_run_holds_what_the_rules_say(world: World, batches: list[list[dict[str, Any]]]) -> None:
    run_id = world.new_run()
    model = Model()
    sent: list[list[dict[str, Any]]] = []
    for batch in batches:
        is_replay = batch in sent and any(name.startswith("log") for operation in batch for name in operation)
        sentences = world.execute(batch, run_id)
        if not is_replay:
            assert len(sentences) == sum(model.apply(operation) for operation in batch)
        sent.append(batch)
        _compare(world, run_id, model)


def _compare(world: World, run_id: str, model: Model) -> None:
    wanted = {"experimentId": run_id}
    answer = check(world.send("GET", f"{LEADERBOARD}/experiment/attributes", params=wanted)).json()
    found = {entry["name"]: entry for entry in answer["attributes"]}
    assert {path: entry["type"] for path, entry in found.items() if not path.startswith("sys/")} == model.kinds
    assert set(found["sys/tags"]["stringSetProperties"]["values"]) == model.tags
    for path, kind in model.kinds.items():
        if not kind.endswith("Series"):
            assert found[path][f"{kind}Properties"]["value"] == model.contents[path]
            continue
        address = f"{LEADERBOARD}/attributes/{kind.lower()}/values"
        page = check(world.send("GET", address, params={**wanted, "attribute": path})).json()
        points = [(value["step"], value["timestampMillis"], value["value"]) for value in page["values"]]
        assert points == model.contents.get(path, [])
        assert page["totalItemCount"] == len(points)
        assert all(before[0] < after[0] for before, after in pairwise(points))
