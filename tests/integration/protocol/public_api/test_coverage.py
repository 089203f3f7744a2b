"""Every public function of the client is driven by a test of this suite."""

import ast
from pathlib import Path

from tests.integration.protocol.public_api.covering import public_names

FOLDER = Path(__file__).parents[2]


def _marks(function: ast.FunctionDef) -> list[str]:
    return [
        argument.value
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "covers"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _covering_tests() -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in FOLDER.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for name in _marks(node):
                    found.setdefault(name, []).append(node)
    return found


def test_every_public_function_is_covered() -> None:
    assert sorted(public_names() - set(_covering_tests())) == []


def test_nothing_is_covered_that_does_not_exist() -> None:
    assert sorted(set(_covering_tests()) - public_names()) == []


def test_a_test_calls_what_it_covers() -> None:
    """By its text; what opens containers is called by the fixtures."""
    special = {"__getitem__", "__setitem__", "__delitem__", "__enter__", "__getattr__"}
    silent = [
        f"{function.name}: {name}"
        for name, functions in _covering_tests().items()
        for function in functions
        if not name.startswith("neptune.")
        and (called := name.rpartition(".")[2]) not in special
        and called not in ast.unparse(function)
    ]
    assert silent == []
