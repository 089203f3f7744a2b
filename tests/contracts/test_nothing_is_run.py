"""What comes over the network is data: the server never runs it, and never loads a format that can hold programs."""

import ast
from pathlib import Path

import pytest

import neptune_yolo

PACKAGE = Path(neptune_yolo.__file__).parent
MODULES = sorted([*(PACKAGE / "server").rglob("*.py"), *(PACKAGE / "dashboard").rglob("*.py")])

FORBIDDEN_MODULES = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib", "torch", "yaml", "xml", "lxml"}
FORBIDDEN_CALLS = {"eval()", "exec()", "compile()", "__import__()", "Markup()", "extract()"}
FORBIDDEN_METHODS = {".system()", ".popen()", ".Markup()", ".extractall()", ".extract()", ".unpack_archive()"}
ALLOWED = {("server/launching.py", "subprocess")}
"""Starting the server itself."""


def _names(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                found.add(f"{called.id}()")
            elif isinstance(called, ast.Attribute):
                found.add(f".{called.attr}()")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_that_was_sent_is_run(path: Path) -> None:
    forbidden = FORBIDDEN_MODULES | FORBIDDEN_CALLS | FORBIDDEN_METHODS | {"subprocess"}
    own_path = path.relative_to(PACKAGE).as_posix()
    found = {name for name in _names(path) & forbidden if (own_path, name) not in ALLOWED}
    assert found == set()


def test_templates_escape_what_they_show() -> None:
    templates = sorted((PACKAGE / "dashboard" / "templates").glob("*"))
    assert templates
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
