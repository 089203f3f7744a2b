"""Atoms, string sets and namespaces: through handlers, and through the attribute classes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.protocol.public_api.covering import covers

Open = Callable[..., Any]
MOMENT = datetime(2026, 3, 5, 10, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture
def run(open_container: Open) -> Any:
    return open_container("run")


@covers("Handler.__getitem__", "Handler.__setitem__", "Handler.__delitem__", "Handler.assign", "Handler.fetch")
@covers("Handler.pop", "Handler.get_root_object", "Handler.container", "Handler.__getattr__")
def test_handlers_reach_below_a_path(run: Any) -> None:
    run["a"]["b"] = 1
    run["a"]["c"].assign("text")
    run["a/d"] = 2.5
    run.wait()
    assert run["a"].fetch() == {"b": 1, "c": "text", "d": 2.5}
    assert run["a"].get_root_object() is run
    assert run["a"].container is run
    run["a"].pop("b")
    del run["a"]["c"]
    run.wait()
    assert run["a"].fetch() == {"d": 2.5}
    with pytest.raises(AttributeError):
        run["a/d"].no_such_method()


@covers("Boolean.assign", "Datetime.assign", "Float.assign", "Integer.assign", "String.assign")
@covers("CopiableAtom.fetch", "CopiableAtom.copy", "Attribute.copy", "Attribute.__getattr__")
@pytest.mark.parametrize(
    ("first", "second"), [(True, False), (MOMENT, MOMENT.replace(year=2027)), (0.5, 1.5), (1, 2), ("a", "b")]
)
def test_atoms_are_assigned_and_copied(run: Any, first: Any, second: Any) -> None:
    run["atom"] = first
    atom = run.get_attribute("atom")
    atom.assign(second, wait=True)
    assert atom.fetch() == second
    run["copy"] = run["atom"]
    run.wait()
    assert run["copy"].fetch() == second
    assert atom.copy is not None
    with pytest.raises(AttributeError):
        atom.no_such_method()


@covers("Handler.add", "Handler.remove", "Handler.clear")
@covers("StringSet.add", "StringSet.assign", "StringSet.clear", "StringSet.fetch", "StringSet.remove")
def test_tags_are_sets_of_strings(run: Any) -> None:
    run["sys/tags"].add(["day", "night"])
    run["sys/tags"].remove("day")
    run.wait()
    assert run["sys/tags"].fetch() == {"night"}
    tags = run.get_attribute("sys/tags")
    tags.add("rain")
    tags.remove(["night"], wait=True)
    assert tags.fetch() == {"rain"}
    from neptune.types import StringSet

    tags.assign(StringSet(["a", "b"]), wait=True)
    assert tags.fetch() == {"a", "b"}
    tags.clear(wait=True)
    assert tags.fetch() == set()
    run["sys/tags"].add("last")
    run["sys/tags"].clear(wait=True)
    assert run["sys/tags"].fetch() == set()


@covers("Namespace.assign", "Namespace.extend", "Namespace.fetch", "Namespace.to_dict")
@covers("Namespace.__getitem__", "Namespace.__setitem__", "Namespace.__delitem__")
def test_namespaces_are_dictionaries(run: Any) -> None:
    run["space"] = {"a": 1, "deep": {"b": "x"}}
    run.wait()
    space = run.get_attribute("space")
    assert space.fetch() == {"a": 1, "deep": {"b": "x"}}
    assert set(space.to_dict()) == {"a", "deep"}
    space.assign({"c": 2.5}, wait=True)
    space.extend({"metric": [1.0, 2.0]}, wait=True)
    assert run["space/c"].fetch() == 2.5
    assert run["space/metric"].fetch_last() == 2.0
    assert type(space["a"]).__name__ == "Integer"
    attribute = space["a"]
    del space["a"]
    assert "a" not in space
    space["a"] = attribute
    assert "a" in space


@covers("Artifact.assign", "Artifact.download", "Artifact.fetch", "Artifact.fetch_files_list", "Artifact.fetch_hash")
@covers("Artifact.track_files", "Handler.track_files", "Handler.fetch_hash", "Handler.fetch_files_list")
def test_artifacts_are_tracked_where_they_lie(run: Any) -> None:
    Path("data").mkdir()
    Path("data/one.txt").write_text("one")
    run["data"].track_files("data", wait=True)
    artifact = run.get_attribute("data")
    assert artifact.fetch_hash() == run["data"].fetch_hash()
    assert artifact.fetch().hash == artifact.fetch_hash()
    assert [file.file_path for file in run["data"].fetch_files_list()] == ["one.txt"]
    Path("data/two.txt").write_text("two")
    artifact.track_files("data/two.txt", wait=True)
    assert [file.file_path for file in artifact.fetch_files_list()] == ["one.txt", "two.txt"]
    artifact.download("copy")
    assert Path("copy/two.txt").read_text() == "two"
    run["same"] = artifact.fetch()
    run.wait()
    again = run.get_attribute("same")
    again.assign(artifact.fetch(), wait=True)
    assert again.fetch_hash() == artifact.fetch_hash()
