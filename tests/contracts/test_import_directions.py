"""Which part may import which; the architecture as a table."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import neptune_yolo

PACKAGE = Path(neptune_yolo.__file__).parent

OWN: dict[str, set[str]] = {
    "": {"exceptions", "kfold", "policies", "resuming", "settings", "trainers", "tuning"},
    "cli": {"cli", "connection", "demo", "envs", "exceptions", "policies", "read", "resuming", "settings", "tracking"}
    | {"transfer"}
    | {"trainers.command_line", "tuning.command_line", "tuning.search_space"}
    | {"server.administration", "server.configuration", "server.configuration_sources", "server.team_process"}
    | {"server.backup", "server.maintenance", "server.storage"}
    | {"server.embedded", "server.exceptions", "server.home", "server.launching", "server.process", "server.state"},
    "connection": {"envs", "exceptions", "settings", "server.embedded", "server.exceptions", "server.keeper"},
    "dashboard": {"dashboard", "server.domain", "server.exceptions", "server.services", "server.settings"},
    "demo": {"connection", "demo", "envs", "exceptions", "server.exceptions", "settings", "tracking", "trainers"},
    "envs": set(),
    "exceptions": set(),
    "kfold": {"exceptions", "tracking"},
    "policies": {"exceptions"},
    "read": {"connection", "exceptions", "read", "server.embedded", "settings", "version"},
    "resuming": {"connection", "exceptions", "settings", "tracking", "trainers"},
    "server.api.v1.session": {"server.api", "version"},
    "server.api": {
        "server.api",
        "server.domain",
        "server.exceptions",
        "server.nql",
        "server.services",
        "server.settings",
    }
    | {"server.store.interfaces"},
    "server.app": {"dashboard", "server", "version"},
    "server.domain": {"server.domain", "server.exceptions"},
    "server.exceptions": set(),
    "server.nql": {"server.domain", "server.exceptions", "server.nql"},
    "server.services": {"server.domain", "server.exceptions", "server.nql", "server.services", "server.settings"}
    | {"server.store.interfaces"},
    "server.settings": set(),
    "server.store": {"server.domain", "server.exceptions", "server.nql", "server.store"},
    "settings": {"envs", "exceptions", "policies"},
    "tracking": {"envs", "exceptions", "policies", "settings", "tracking"},
    "trainers": {"connection", "envs", "exceptions", "policies", "settings", "tracking", "trainers", "version"},
    "transfer": {"connection", "envs", "exceptions", "read", "settings", "tracking", "transfer", "version"},
    "tuning": {"connection", "exceptions", "policies", "settings", "tracking", "trainers", "tuning", "version"},
    "version": set(),
}
"""Part -> parts of ours that it may import; the longest matching part counts."""

SERVER_PROCESS = {"server", "version"}
"""What stands directly in ``server``: starting, finding and stopping the process. It may import the server only."""

FOREIGN: dict[str, set[str]] = {
    "neptune": {"cli", "demo", "tracking"},
    "ultralytics": {"demo", "kfold", "resuming", "trainers", "tuning"},
    "torch": {"trainers"},
    "lark": {"server.nql"},
    "msgspec": {"read", "server.api.v1", "transfer"},
    "sqlalchemy": {"server.store"},
    "alembic": {"server.store"},
    "psycopg": {"server.store"},
    "boto3": {"server.store"},
    "botocore": {"server.store"},
    "prometheus_client": {"server.api.metrics"},
    "starlette": {"dashboard", "server.activity", "server.api", "server.app", "server.process"},
    "jinja2": {"dashboard", "tracking.charts"},
    "sklearn": {"demo"},
}
"""Package -> the parts that may import it."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _part(module: str) -> str:
    known = [part for part in OWN if part and (module == part or module.startswith(f"{part}."))]
    if known:
        return max(known, key=len)
    return "server" if module.startswith("server") else module


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _allowed(target: str, allowed: set[str]) -> bool:
    return any(target == part or target.startswith(f"{part}.") for part in allowed)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_own_imports_go_the_allowed_way(path: Path) -> None:
    part = _part(_name(path))
    allowed = OWN.get(part, SERVER_PROCESS)
    own = [
        name.removeprefix("neptune_yolo").lstrip(".") for name in _imports(path) if name.split(".")[0] == "neptune_yolo"
    ]
    assert [target for target in own if target and not _allowed(target, allowed)] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_foreign_packages_stay_in_their_parts(path: Path) -> None:
    module = _name(path)
    imported = {name.split(".")[0] for name in _imports(path)} & set(FOREIGN)
    assert [package for package in sorted(imported) if not _allowed(module, FOREIGN[package])] == []
