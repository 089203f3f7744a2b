"""Exports that are damaged, or made to do harm: refused or told of, and nothing else is touched."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from neptune_yolo.read.servers import Server
from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.importing import Choice, ExportImport
from neptune_yolo.transfer.neptune_export.layout import ExportedKind, arrow_schema, files_folder
from neptune_yolo.transfer.progress import Silent
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.writing import Destination
from tests.exports import PROJECT, Export, point, row, system_rows
from tests.service import local_service

GOOD = "SAN-9"


@pytest.fixture(scope="module")
def destination(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Destination]:
    """One server for all tests, each of which has a project of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "neptune.db").write_bytes(sqlite_template.read_bytes())
    with local_service(f"sqlite:///{folder / 'neptune.db'}", folder) as service:
        destination = Destination(Server(service.url, service.token))
        yield destination
        destination.close()


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """An export with one run that is good: whatever is wrong with another one, it comes in."""
    export = Export(tmp_path / "exports")
    export.add(GOOD, [*system_rows(GOOD), point("loss", 0, 1.0)])
    return export


def run_project(export: Export) -> str:
    return f"ws/{export.folder.parent.name.replace('_', '-')}"


def run_import(destination: Destination, export: Export, **choice: object) -> TransferReport:
    choice = {"project": run_project(export), **choice}
    report = ExportImport(destination, Choice(**choice), Silent()).run(find_export(export.folder))  # type: ignore[arg-type]
    (good,) = [run for run in report.runs if run.source == f"{PROJECT}/{GOOD}"]
    assert (good.error, good.differences) == ("", [])
    return report


def other(report: TransferReport) -> RunReport:
    (run,) = [run for run in report.runs if run.source != f"{PROJECT}/{GOOD}"]
    return run


@pytest.mark.parametrize("keep", [0, 4, 200, -1])
def test_a_truncated_table_is_told_and_nothing_of_the_run_is_made(
    destination: Destination, export: Export, keep: int
) -> None:
    path = export.add("SAN-1", [*system_rows("SAN-1"), *(point("loss", step, 1.0) for step in range(100))])
    path.write_bytes(path.read_bytes()[:keep])
    report = run_import(destination, export)
    assert (other(report).outcome, other(report).run, report.exit_code) == (Outcome.FAILED, None, 1)
    assert "whole Parquet file" in other(report).error


def test_damaged_pages_end_a_run_that_can_be_imported_again(destination: Destination, export: Export) -> None:
    rows = [*system_rows("SAN-1"), *(point("loss", step, step / 7) for step in range(2000))]
    path = export.add("SAN-1", rows, group=500)
    whole = path.read_bytes()
    place = pq.ParquetFile(path).metadata.row_group(3).column(7).data_page_offset
    path.write_bytes(whole[:place] + b"\xff" * 200 + whole[place + 200 :])
    broken = other(run_import(destination, export))
    assert broken.outcome is Outcome.FAILED
    assert "cannot be read" in broken.error
    path.write_bytes(whole)
    mended = other(run_import(destination, export))
    assert (mended.outcome, mended.differences, mended.points) == (Outcome.CONTINUED, [], 2000)


@pytest.mark.parametrize(
    ("column", "kind"),
    [("float_value", pa.string()), ("step", pa.string()), ("attribute_path", pa.int64()), ("file_value", pa.float64())],
)
def test_a_column_of_another_type_is_told(
    destination: Destination, export: Export, column: str, kind: pa.DataType
) -> None:
    fields = [pa.field(field.name, kind if field.name == column else field.type) for field in arrow_schema()]
    names = {"project_id": [PROJECT], "run_id": ["SAN-1"]}
    columns = [pa.array(names[field.name]) if field.name in names else pa.nulls(1, field.type) for field in fields]
    pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields)), export.part("SAN-1"))
    run = other(run_import(destination, export))
    assert run.outcome is Outcome.FAILED
    assert f"{column!r}" in run.error


def test_other_kinds_of_the_same_types_are_read(destination: Destination, export: Export) -> None:
    kinds = {
        "step": pa.float64(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "string_value": pa.large_string(),
        "attribute_path": pa.dictionary(pa.int32(), pa.string()),
        "float_value": pa.float32(),
    }
    export.schema = pa.schema([pa.field(field.name, kinds.get(field.name, field.type)) for field in arrow_schema()])
    rows = [dict(point("loss", step, 0.5)) | {"step": float(step)} for step in range(3)]
    export.add("SAN-1", [*system_rows("SAN-1"), *rows])
    run = other(run_import(destination, export))
    assert (run.error, run.differences, run.points) == ("", [], 3)


def test_unknown_types_wrong_values_and_two_types_at_a_path_are_told(destination: Destination, export: Export) -> None:
    rows = [
        *system_rows("SAN-1"),
        row("strange", "tensor", "x"),
        row("both", "float", 1.0),
        point("both", 0, 1.0),
        row("x" * 1500, "float", 1.0),
        row("sys/failed", "string", "yes"),
    ]
    export.add("SAN-1", rows)
    run = other(run_import(destination, export))
    assert {difference.path[:20] for difference in run.differences} == {"strange", "both", "x" * 20, "sys/failed"}
    assert sum(problem.startswith("the server: Expected") for problem in run.problems) == 3


REASONS = {
    "ws/san/SAN-1/missing": "there is no file",
    "../../../secret": "leads out",
    "/etc/passwd": "leads out",
    "..\\..\\secret": "leads out",
    "ws/san/SAN-1/link": "a link in its path leads out",
    "ws/san/SAN-1/linked/secret": "a link in its path leads out",
    "ws/san/SAN-1/circle": "there is no file",
    "ws/san/SAN-1/pipe": "no ordinary file",
    "": "leads out",
}


def test_files_that_are_missing_or_elsewhere_are_not_taken(
    destination: Destination, export: Export, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = export.files / files_folder(PROJECT, ExportedKind.RUN, "SAN-1")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "circle").symlink_to(folder / "circle")
    os.mkfifo(folder / "pipe")
    rows = [row(f"file {at}", "file", path) for at, path in enumerate(REASONS)]
    export.add("SAN-1", [*system_rows("SAN-1"), *rows])
    report = run_import(destination, export)
    found = {difference.path: difference.found for difference in other(report).differences}
    assert report.exit_code == 1
    for at, reason in enumerate(REASONS.values()):
        assert reason in found[f"file {at}"]


def test_archives_give_only_what_is_inside_of_them(destination: Destination, export: Export) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("good.py", "../bad.py", "/bad.py", "C:\\bad.py"):
            archive.writestr(name, name)
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    path = export.add_file("SAN-1", "code/code.zip", target.getvalue())
    export.add("SAN-1", [*system_rows("SAN-1"), row("code", "file_set", str(Path(path).parent))])
    report = run_import(destination, export)
    run = other(report)
    assert (len(run.differences), run.files) == (4, 1)
    members = destination.api.files.members(run_project(export), "SAN-1", "code")
    assert [member.path for member in members] == ["good.py"]


def test_archives_that_are_damaged_or_bombs_are_told(destination: Destination, export: Export) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 1000)
    content = bytearray(bomb.getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 2**32 - 2)
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("file", b"content of a file")
    broken = damaged.getvalue().replace(b"content", b"Content")
    sets = {"bomb": bytes(content), "broken": broken}
    rows = [
        row(name, "file_set", str(Path(export.add_file("SAN-1", f"{name}/{name}.zip", zipped)).parent))
        for name, zipped in sets.items()
    ]
    export.add("SAN-1", [*system_rows("SAN-1"), *rows])
    run = other(run_import(destination, export))
    assert [difference.path for difference in run.differences] == ["bomb", "broken/file"]
    assert "more than" in run.differences[0].found
    assert "CRC" in run.differences[1].found


def test_lists_of_artifacts_that_are_none_are_told(destination: Destination, export: Export) -> None:
    wrong = {
        "list": b'{"a": 1}',
        "json": b"[",
        "file": b'[{"filePath": 1}]',
        "size": b'[{"filePath": "a", "fileHash": "b", "type": "L", "size": -1}]',
    }
    paths = {name: export.add_file("SAN-1", f"{name}/files_list.json", content) for name, content in wrong.items()}
    export.add("SAN-1", [*system_rows("SAN-1"), *(row(name, "artifact", path) for name, path in paths.items())])
    run = other(run_import(destination, export))
    assert {difference.path for difference in run.differences} == set(wrong)


def test_pictures_of_doubtful_steps_and_sizes_are_told(destination: Destination, export: Export) -> None:
    name = export.add_file("SAN-1", "shots/0.png", b"\x89PNG")
    empty = export.add_file("SAN-1", "shots/1.png", b"")
    steps = [(name, Decimal(0)), (name, Decimal(0)), (empty, Decimal(1)), (name, None)]
    export.add(
        "SAN-1", [*system_rows("SAN-1"), *(row("shots", "file_series", path, step=step) for path, step in steps)]
    )
    run = other(run_import(destination, export))
    assert [(difference.path, difference.expected) for difference in run.differences] == [
        ("shots", "one file at step 0"),
        ("shots at step 1", "a file"),
    ]
    assert run.points == 2


def test_runs_of_which_parts_are_missing_are_left_out_unless_asked(destination: Destination, export: Export) -> None:
    rows = system_rows("SAN-1")
    part = export.add("SAN-1", rows, number=1)
    report = run_import(destination, export)
    assert (other(report).outcome, report.exit_code) == (Outcome.SKIPPED, 0)
    assert "part 0 is missing" in other(report).problems[0]
    whole = other(run_import(destination, export, unfinished=True))
    assert (whole.outcome, whole.run) == (Outcome.NEW, "SAN-1")
    part.rename(part.with_name(part.name + ".tmp"))
    assert "still being written" in other(run_import(destination, export)).problems[0]


def test_the_same_run_twice_and_rows_of_other_runs_do_no_harm(destination: Destination, export: Export) -> None:
    mixed = [*system_rows("SAN-1"), {**point("loss", 5, 5.0), "run_id": GOOD}]
    path = export.add("SAN-1", mixed)
    copy = export.data / "copy" / path.name
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    report = run_import(destination, export)
    twice = [run for run in report.runs if "SAN-1" in run.source]
    assert {run.outcome for run in twice} == {Outcome.NEW, Outcome.FAILED}
    assert any("again" in run.error for run in twice)
    views = {view.path: view for view in destination.api.attributes(run_project(export), GOOD)}
    assert views["loss"].series is not None
    assert views["loss"].series.count == 1


def test_a_table_under_another_name_is_told(destination: Destination, export: Export) -> None:
    path = export.add("SAN-1", system_rows("SAN-1"))
    path.rename(export.part("SAN-2"))
    assert "were renamed" in other(run_import(destination, export)).error


def test_links_to_tables_are_not_followed(destination: Destination, export: Export, tmp_path: Path) -> None:
    elsewhere = Export(tmp_path / "elsewhere")
    path = elsewhere.add("SAN-1", system_rows("SAN-1"))
    (export.data / "linked").symlink_to(path.parent)
    (export.part(GOOD).parent / path.name).symlink_to(path)
    report = run_import(destination, export)
    assert (len(report.runs), len(report.skipped)) == (1, 2)


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadableError, match="Expected a folder"):
        find_export(tmp_path / "nothing")
    with pytest.raises(SourceUnreadableError, match="Expected an export"):
        find_export(tmp_path)
