import platform
import subprocess
import sys

import pytest

PROGRAM = """
import threading
import numpy as np
from neptune_yolo.server.memory import share_memory_of_threads
assert share_memory_of_threads()
for _ in range(4):
    thread = threading.Thread(target=lambda: [np.zeros(2000) for _ in range(100)])
    thread.start()
    thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do it in their own way")
def test_threads_take_memory_from_one_place() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
