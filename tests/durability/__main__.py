"""Kill the server, and programs that log to it, at random moments under load; nothing acknowledged may be lost.

    python -m tests.durability --server 1000 --programs 1000

The exit code is 1 if anything is lost, doubled or changed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from neptune_yolo.server.embedded import EmbeddedServer
from tests.durability.client_kills import kill_programs
from tests.durability.server_kills import kill_server


def main() -> int:
    """Run the kills that the arguments ask for and print what came of them; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    parser.add_argument("--server", type=int, default=20, help="kills of the server")
    parser.add_argument("--programs", type=int, default=20, help="kills of programs that log")
    parser.add_argument("--seed", type=int, default=20260305, help="chooses the moments")
    arguments = parser.parse_args()
    differences: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        embedded = EmbeddedServer(home)
        try:
            if arguments.server:
                differences += _kill_server(home, arguments.server, arguments.seed)
            if arguments.programs:
                running = embedded.ensure_running()
                differences += _kill_programs(running.url, running.api_token, Path(scratch), arguments)
        finally:
            embedded.stop()
    for sentence in differences:
        print(sentence)
    return 1 if differences else 0


def _kill_server(home: Path, kills: int, seed: int) -> list[str]:
    began = time.monotonic()
    outcome = kill_server(home, kills, seed)
    print(
        f"{outcome.kills} kills of the server in {time.monotonic() - began:.0f} s: {outcome.requests} requests and "
        f"{outcome.points} points acknowledged, {outcome.repeats} requests repeated, "
        f"{len(outcome.differences)} differences"
    )
    return outcome.differences


def _kill_programs(url: str, token: str, folder: Path, arguments: argparse.Namespace) -> list[str]:
    began = time.monotonic()
    outcome = kill_programs(url, token, folder, arguments.programs, arguments.seed)
    print(
        f"{outcome.kills} kills of programs in {time.monotonic() - began:.0f} s: {outcome.opened} had a run; "
        f"{outcome.before} points were acknowledged, {outcome.after} after their queues were sent, "
        f"{len(outcome.differences)} differences"
    )
    return outcome.differences


if __name__ == "__main__":
    sys.exit(main())
