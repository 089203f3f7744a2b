"""Programs that log through the real client and are killed again and again; their queues are sent afterwards."""

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.durability.server_kills import PREFIX, log_in

SERIES = "metric"
PROJECT = "local/killed-programs"


@dataclass(frozen=True)
class KilledPrograms:
    """What came of a number of killed programs.

    Attributes:
        kills: How many programs were killed.
        opened: How many of them had opened a run.
        before: Points that the server had acknowledged when the programs died.
        after: Points that it has once their queues were sent.
        differences: What is wrong; empty if all is well.
    """

    kills: int
    opened: int
    before: int
    after: int
    differences: list[str]


def log_for_ever(identifiers: Any, environment: dict[str, str]) -> None:
    """Open a run, tell its UUID, and append points until killed; the timestamp of a point is its number in ms."""
    os.environ.update(environment)
    import neptune

    run = neptune.init_run(
        project=PROJECT,
        flush_period=0.05,
        source_files=[],
        git_ref=False,
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
    )
    identifiers.send(run._id)
    number = 0
    while True:
        run[SERIES].append(number / 2, timestamp=number / 1000)
        number += 1
        time.sleep(0.001)


def kill_programs(url: str, token: str, folder: Path, kills: int, seed: int) -> KilledPrograms:
    """Kill programs at random moments, send what they left, and compare.

    Args:
        url: Address of the server.
        token: API token.
        folder: Working directory of the programs; their queues are left there.
        kills: How many programs.
        seed: Chooses the moments.
    """
    dice = random.Random(seed)
    with _environment(token, folder):
        run_ids = [found for _ in range(kills) if (found := _kill_one(dice))]
        before = _read(url, token, run_ids)
        _sync(folder)
        after = _read(url, token, run_ids)
    differences = [sentence for run_id in run_ids for sentence in _wrong(run_id, before[run_id], after[run_id])]
    return KilledPrograms(
        kills, len(run_ids), sum(map(len, before.values())), sum(map(len, after.values())), differences
    )


def _kill_one(dice: random.Random) -> str | None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["neptune"])
    receiver, sender = context.Pipe(duplex=False)
    program = context.Process(target=log_for_ever, args=(sender, dict(os.environ)), daemon=True)
    program.start()
    sender.close()
    run_id: str | None = None
    if dice.random() < 0.95 and receiver.poll(30):
        run_id = receiver.recv()
    time.sleep(dice.uniform(0, 0.5))
    program.kill()
    program.join()
    return run_id or _last_word(receiver)


def _last_word(receiver: Any) -> str | None:
    """Return the identifier that a killed program has still sent; None if it was killed before."""
    try:
        return str(receiver.recv())
    except EOFError:
        return None


def _read(url: str, token: str, run_ids: list[str]) -> dict[str, list[tuple[float, int]]]:
    with closing(log_in(url, token)) as http:
        return {run_id: _points(http, run_id) for run_id in run_ids}


def _points(http: Any, run_id: str) -> list[tuple[float, int]]:
    query = {"experimentId": run_id, "attribute": SERIES, "limit": "100000"}
    answer = http.get(f"{PREFIX}/attributes/floatseries/values", params=query)
    if answer.status_code == 404:
        return []
    return [(point["step"], point["timestampMillis"]) for point in answer.json()["values"]]


def _wrong(run_id: str, before: list[tuple[float, int]], after: list[tuple[float, int]]) -> Iterator[str]:
    if after[: len(before)] != before:
        yield f"run {run_id}: points that were acknowledged have changed or are gone"
    if after != [(float(number), number) for number in range(len(after))]:
        yield f"run {run_id}: its {len(after)} points are not one of each, in order"


def _sync(folder: Path) -> None:
    from neptune.cli.commands import sync

    sync.main(["--path", str(folder)], standalone_mode=False)


@contextmanager
def _environment(token: str, folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        "NEPTUNE_API_TOKEN": token,
        "NEPTUNE_DATA_DIRECTORY": str(folder / ".neptune"),
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    saved = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in saved.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
