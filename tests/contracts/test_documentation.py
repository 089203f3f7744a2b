"""What can be set or called is documented, and examples and commands are what they say."""

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from neptune_yolo import NeptuneSettings, envs
from neptune_yolo.cli import main
from neptune_yolo.exceptions import NeptuneYoloError

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

OURS = [value for name, value in vars(envs).items() if name.startswith("NEPTUNE_YOLO_")]


def test_the_tables_of_the_readme_are_those_of_the_code() -> None:
    subprocess.run([sys.executable, str(ROOT / ".ci" / "docs.py"), "--check"], check=True)


@pytest.mark.parametrize("setting", [field.name for field in fields(NeptuneSettings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in README
    assert f"        {setting}: " in (NeptuneSettings.__doc__ or "") or f"    {setting}: " in (
        NeptuneSettings.__doc__ or ""
    )


@pytest.mark.parametrize("variable", OURS)
def test_every_environment_variable_of_ours_is_documented(variable: str) -> None:
    assert f"`{variable}`" in README


def test_every_command_is_documented_and_has_help() -> None:
    context = click.Context(main)
    names = main.list_commands(context)
    assert names
    for name in names:
        command = main.get_command(context, name)
        assert command is not None
        assert command.help
        assert re.search(rf"`(neptune-yolo )?{name}\b", README), name


def test_the_messages_of_the_troubleshooting_table_are_those_of_the_code() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "neptune_yolo").rglob("*.py"))
    quoted = re.findall(r"^\| \*(.+?)\* \|", README, flags=re.MULTILINE)
    assert len(quoted) > 5
    assert [message for message in quoted if message not in source] == []


def test_the_gate_runs_the_commands_of_the_readme() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for begin in re.findall(r"readme_command '([^']+)'", gate):
        assert sum(line.startswith(begin) for line in README.splitlines()) == 1, begin


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_say_what_they_do_and_compile(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def _subclasses(kind: type[Exception]) -> list[type[Exception]]:
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]


def test_the_tree_of_the_client_side_errors_names_every_one() -> None:
    import neptune_yolo.exceptions as module

    for error in _subclasses(NeptuneYoloError):
        if error.__module__ == module.__name__:
            assert error.__name__ in (module.__doc__ or ""), error


def test_code_in_the_readme_is_valid() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert blocks
    for block in blocks:
        compile(block, "README.md", "exec")


def test_nothing_of_a_machine_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    place = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
    found = [
        name
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file() and place.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
