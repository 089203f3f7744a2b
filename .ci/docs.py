"""Write the tables of the documentation from the code, or check them.

Usage: ``python .ci/docs.py`` writes, ``python .ci/docs.py --check`` fails if something is out of date.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from neptune_yolo.server.configuration_sources import default_text, help_text, setting_names, type_text
from neptune_yolo.tracking.attribute_paths import ATTRIBUTES

ROOT = Path(__file__).parent.parent


def attribute_table() -> str:
    """Return the table of what is logged, in Markdown."""
    rows = [f"| `{item.path}` | {item.type} | {item.unit} | {item.meaning} |" for item in ATTRIBUTES]
    return "\n".join(["| attribute | type | unit | meaning |", "|---|---|---|---|", *rows])


def setting_table() -> str:
    """Return the table of a team server's settings, in Markdown."""
    rows = []
    for name in setting_names():
        default = f"`{default_text(name)}`" if default_text(name) else "none"
        rows.append(f"| `{name}` | {type_text(name)} | {default} | {help_text(name)} |")
    return "\n".join(["| setting | type | default | meaning |", "|---|---|---|---|", *rows])


TABLES: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("README.md", "attributes", attribute_table),
    ("examples/team/README.md", "settings", setting_table),
)
"""File, name of the table in it, and what makes the table."""


def with_table(text: str, name: str, table: str, file: str) -> str:
    """Return a file's text with a table as the code has it."""
    begin, end = f"<!-- {name}: written by .ci/docs.py -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"Expected the lines {begin!r} and {end!r} in {file}, got none. Put them back.")
    return f"{before}{begin}\n\n{table}\n\n{end}{after}"


def main() -> None:
    """Write or check all tables."""
    for file, name, make_table in TABLES:
        text = (ROOT / file).read_text(encoding="utf-8")
        wanted = with_table(text, name, make_table(), file)
        if "--check" not in sys.argv[1:]:
            (ROOT / file).write_text(wanted, encoding="utf-8")
        elif text != wanted:
            raise SystemExit(f"{file} is out of date. Run `python .ci/docs.py` and commit the change.")


if __name__ == "__main__":
    main()
