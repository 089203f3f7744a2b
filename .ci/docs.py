"""Write the tables of the README from the code, or check them.

Usage: ``python .ci/docs.py`` writes, ``python .ci/docs.py --check`` fails if something is out of date.
"""

import sys
from pathlib import Path

from neptune_yolo.tracking.attribute_paths import ATTRIBUTES

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- attributes: written by .ci/docs.py -->"
END = "<!-- end of attributes -->"


def attribute_table() -> str:
    """Return the table of what is logged, in Markdown."""
    rows = [f"| `{item.path}` | {item.type} | {item.unit} | {item.meaning} |" for item in ATTRIBUTES]
    return "\n".join(["| attribute | type | unit | meaning |", "|---|---|---|---|", *rows])


def with_tables(text: str) -> str:
    """Return the README's text with its tables as the code has them."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"Expected the lines {BEGIN!r} and {END!r} in README.md, got none. Put them back.")
    return f"{before}{BEGIN}\n\n{attribute_table()}\n\n{END}{after}"


def main() -> None:
    """Write or check the README."""
    text = README.read_text(encoding="utf-8")
    wanted = with_tables(text)
    if "--check" not in sys.argv[1:]:
        README.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        raise SystemExit("README.md is out of date. Run `python .ci/docs.py` and commit the change.")


if __name__ == "__main__":
    main()
