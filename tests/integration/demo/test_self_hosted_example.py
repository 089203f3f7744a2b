import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "self_hosted_server.py"


def test_the_example_logs_to_the_embedded_server_and_reads_back(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path / "work",
    )

    assert done.returncode == 0, done.stdout + done.stderr
    losses = re.search(r"^EXA-1: 200 losses, from (\d\.\d{4}) to (\d\.\d{4})$", done.stdout, re.MULTILINE)
    assert losses is not None, done.stdout
    assert float(losses[2]) < float(losses[1]) / 100
    assert re.search(r"^open it: http://127\.0\.0\.1:\d+/open/\S+/local/examples/e/EXA-1$", done.stdout, re.MULTILINE)
