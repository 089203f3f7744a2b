"""Tables of runs, models and versions, and the files that they lead to."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.protocol.public_api.covering import covers

Open = Callable[..., Any]

pytestmark = pytest.mark.filterwarnings("ignore:Neptune's model registry has been deprecated")


@covers("Project.fetch_runs_table", "Table.to_pandas", "Table.to_rows", "TableEntry.__getitem__")
@covers("TableEntry.get_attribute_type", "TableEntry.get_attribute_value")
@covers("TableEntry.download_file_attribute", "TableEntry.download_file_set_attribute")
def test_a_table_of_runs_leads_to_their_values_and_files(open_container: Open) -> None:
    Path("notes.txt").write_text("notes")
    for number in range(3):
        run = open_container("run", tags=["even"] if number % 2 == 0 else [])
        run["number"] = number
        run["loss"].extend([1.0, 0.5 * number])
        run["notes"].upload("notes.txt")
        run["folder"].upload_files("notes.txt")
        run.stop()
    project = open_container("project", mode="read-only")
    question: dict[str, Any] = {
        "query": "(number:int >= 0) AND (loss:floatSeries < 0.9)",
        "columns": ["number", "loss", "notes", "folder"],
        "sort_by": "number",
        "ascending": True,
        "progress_bar": False,
    }
    frame = project.fetch_runs_table(**question).to_pandas()
    assert frame["number"].tolist() == [0, 1]
    assert frame["loss"].tolist() == [0.0, 0.5]
    rows = project.fetch_runs_table(**question).to_rows()
    assert rows[1].get_attribute_type("loss").value == "floatSeries"
    assert rows[1].get_attribute_value("number") == 1
    assert rows[1]["sys/id"].get() == "YOL-2"
    rows[0].download_file_attribute("notes", "copy.txt")
    assert Path("copy.txt").read_text() == "notes"
    rows[0].download_file_set_attribute("folder", "folder.zip")
    with zipfile.ZipFile("folder.zip") as archive:
        assert archive.read("notes.txt") == b"notes"
    tagged = project.fetch_runs_table(tag="even", progress_bar=False).to_pandas()
    assert tagged["sys/id"].tolist() == ["YOL-3", "YOL-1"]


@covers("Project.fetch_models_table", "Model.fetch_model_versions_table")
def test_tables_of_models_and_versions(open_container: Open) -> None:
    version = open_container("model_version")
    version["accuracy"] = 0.9
    version.stop()
    project = open_container("project", mode="read-only")
    models = project.fetch_models_table(progress_bar=False).to_pandas()
    assert models["sys/id"].tolist() == ["YOL-DET"]
    model = open_container("model", with_id="YOL-DET", mode="read-only")
    versions = model.fetch_model_versions_table(columns=["accuracy"], progress_bar=False).to_pandas()
    assert versions["accuracy"].tolist() == [0.9]
    assert versions["sys/id"].tolist() == ["YOL-DET-1"]
