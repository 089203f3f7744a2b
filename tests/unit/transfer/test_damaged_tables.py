"""Tables with bytes that are wrong at random: every one is read, or refused with an error of ours."""

import random
from pathlib import Path

import pytest

from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.past import system_of
from neptune_yolo.transfer.neptune_export.reading import (
    floats,
    moments_ms,
    open_run,
    read_rows,
    read_system,
    steps,
    texts,
)
from tests.exports import Export, point, row, system_rows


@pytest.mark.parametrize("seed", range(3))
def test_damaged_tables_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    export = Export(tmp_path)
    logged = [point("log", step, f"line {step}", step, "string_series") for step in range(50)]
    numbers = [point("loss", step, step / 3) for step in range(50)]
    path = export.add("SAN-1", [*system_rows("SAN-1"), *numbers, *logged, row("file", "file", "a/b")], group=60)
    whole = path.read_bytes()
    generator = random.Random(seed)
    outcomes = set()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(generator.choice([1, 2, 20])):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        path.write_bytes(damaged)
        outcomes.add(_is_readable(tmp_path))
    assert outcomes == {True, False}


def _is_readable(folder: Path) -> bool:
    try:
        run = open_run(find_export(folder).runs[0])
        system_of(read_system(run))
        for _, pieces in read_rows(run):
            for rows in pieces:
                steps(rows.columns.column("step"))
                floats(rows.columns.column("float_value"))
                moments_ms(rows.columns.column("timestamp"), 0)
                texts(rows.columns.column("string_value"))
                rows.columns.column("file_value").to_pylist()
    except SourceUnreadableError:
        return False
    return True
