"""Small modules, small functions."""

import ast
import io
import statistics
import tokenize
from pathlib import Path

import pytest

import neptune_yolo

PACKAGE = Path(neptune_yolo.__file__).parent
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "versions" not in path.parts]

MAX_CODE_LINES = 400
MAX_FUNCTION_LINES = 50
USUAL_FUNCTION_LINES = 30

_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def _docstring_lines(tree: ast.AST) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _code_lines(path: Path) -> int:
    source = path.read_text(encoding="utf-8")
    documented = _docstring_lines(ast.parse(source))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


def _function_lengths(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        f"{path.stem}.{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_fits_a_readers_head(path: Path) -> None:
    assert _code_lines(path) <= MAX_CODE_LINES
    assert {name: length for name, length in _function_lengths(path).items() if length > MAX_FUNCTION_LINES} == {}


def test_most_functions_are_short() -> None:
    lengths = [length for path in MODULES for length in _function_lengths(path).values()]
    assert statistics.quantiles(lengths, n=10)[-1] <= USUAL_FUNCTION_LINES
