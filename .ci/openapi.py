"""Write the OpenAPI document of the read API to where the dashboard is built from, or check that it is up to date."""

import json
import sys
from pathlib import Path

import msgspec

from neptune_yolo.server.api.v1.openapi import openapi_document
from neptune_yolo.server.api.v1.operations import OPERATIONS

DOCUMENT = Path(__file__).parent.parent / "neptune_yolo/dashboard/frontend/openapi.json"


def main() -> int:
    """Write the document, or with ``--check`` compare it."""
    plain = msgspec.to_builtins(openapi_document(OPERATIONS))
    text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("openapi.json is not what the code says. Run: python .ci/openapi.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
