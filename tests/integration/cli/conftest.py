import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from neptune_yolo.cli import main

COMMAND = [sys.executable, "-c", "from neptune_yolo.cli import main; main(prog_name='neptune-yolo')"]


@pytest.fixture
def invoke() -> Callable[..., Result]:
    """Call the command in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def run_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call the command as a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def started_commands() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command and go on; what still runs at the end is killed."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
