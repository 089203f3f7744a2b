"""What runs, projects, models and model versions have in common, and what they have of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from neptune.exceptions import MissingFieldException, NeptuneCannotChangeStageManually

from tests.integration.protocol.public_api.covering import covers

Open = Callable[..., Any]

pytestmark = pytest.mark.filterwarnings("ignore:Neptune's model registry has been deprecated")


def _kind(container: Any) -> str:
    return {"Run": "run", "Project": "project", "Model": "model"}.get(type(container).__name__, "model_version")


@covers("neptune.init_run", "neptune.init_project", "neptune.init_model", "neptune.init_model_version")
@covers("MetadataContainer.stop", "MetadataContainer.__getitem__", "MetadataContainer.__setitem__")
@covers("Run.get_url", "Project.get_url", "Model.get_url", "ModelVersion.get_url")
def test_a_container_is_opened_and_opened_again(container: Any, open_container: Open) -> None:
    container["note"] = "kept"
    identifier, url = container["sys/id"].fetch(), container.get_url()
    container.stop()
    kind = _kind(container)
    by_identifier = {} if kind == "project" else {"with_id": identifier}
    again = open_container(kind, mode="read-only", **by_identifier)
    assert again["note"].fetch() == "kept"
    assert again["sys/id"].fetch() == identifier
    assert again.get_url() == url


@covers("MetadataContainer.assign", "MetadataContainer.fetch", "MetadataContainer.wait")
@covers("MetadataContainer.exists", "MetadataContainer.pop", "MetadataContainer.__delitem__")
def test_values_are_assigned_fetched_and_removed(container: Any) -> None:
    container.assign({"a": 1, "b": {"c": 2.5, "d": "text"}})
    container.wait()
    fetched = container.fetch()
    assert (fetched["a"], fetched["b"]) == (1, {"c": 2.5, "d": "text"})
    assert container.exists("b/c")
    container.pop("a", wait=True)
    del container["b/d"]
    container.wait()
    assert not container.exists("a")
    assert container.fetch()["b"] == {"c": 2.5}


@covers("MetadataContainer.define", "MetadataContainer.get_attribute", "MetadataContainer.get_root_object")
@covers("MetadataContainer.get_structure", "MetadataContainer.print_structure")
def test_the_structure_tells_what_there_is(container: Any, capsys: pytest.CaptureFixture[str]) -> None:
    container.define("inner/number", 7)
    container.wait()
    assert type(container.get_attribute("inner/number")).__name__ == "Integer"
    assert set(container.get_structure()["inner"]) == {"number"}
    assert container["inner"].get_root_object() is container
    assert container.get_root_object() is container
    container.print_structure()
    assert "number" in capsys.readouterr().out


@covers("MetadataContainer.sync", "MetadataContainer.ping", "MetadataContainer.get_state")
def test_a_container_sees_what_others_write(container: Any, open_container: Open) -> None:
    kind = _kind(container)
    by_identifier = {} if kind == "project" else {"with_id": container["sys/id"].fetch()}
    other = open_container(kind, **by_identifier)
    other["from_the_other"] = True
    other.wait()
    container.sync()
    assert container["from_the_other"].fetch() is True
    container.ping()
    assert container.get_state() == "started"


@covers("MetadataContainer.__getattr__")
def test_an_unknown_method_is_named(container: Any) -> None:
    with pytest.raises(AttributeError, match="no_such_method"):
        container.no_such_method()


@covers("Run.monitoring_namespace")
def test_a_run_has_a_namespace_for_its_monitoring(open_container: Open) -> None:
    run = open_container("run", monitoring_namespace="monitoring/mine")
    assert run.monitoring_namespace == "monitoring/mine"


@covers("ModelVersion.change_stage")
def test_the_stage_of_a_version_is_changed(open_container: Open) -> None:
    version = open_container("model_version")
    assert version["sys/stage"].fetch() == "none"
    version.change_stage("production")
    version.wait()
    version.sync()
    assert version["sys/stage"].fetch() == "production"
    with pytest.raises(NeptuneCannotChangeStageManually):
        version["sys/stage"] = "archived"


def test_a_missing_attribute_is_the_clients_own_error(container: Any) -> None:
    with pytest.raises(MissingFieldException):
        container["missing"].fetch()
