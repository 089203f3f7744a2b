import threading
import time
from collections.abc import Callable

from neptune_yolo.trainers.plot_threads import PlotThreads


def start(function: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def test_drawing_threads_are_waited_for() -> None:
    drawn = []

    def plot_images() -> None:
        time.sleep(0.2)
        drawn.append(True)

    threads = PlotThreads()
    start(plot_images)

    assert threads.wait(timeout_seconds=10)
    assert drawn == [True]


def test_the_wait_is_bounded() -> None:
    release = threading.Event()

    def plot_images() -> None:
        release.wait()

    threads = PlotThreads()
    drawing = start(plot_images)
    began = time.monotonic()

    assert not threads.wait(timeout_seconds=0.1)
    assert time.monotonic() - began < 2
    release.set()
    drawing.join()


def test_threads_of_others_and_earlier_ones_are_not_waited_for() -> None:
    release = threading.Event()

    def plot_images() -> None:
        release.wait()

    def serve() -> None:
        release.wait()

    earlier = start(plot_images)
    threads = PlotThreads()
    other = start(serve)

    assert threads.wait(timeout_seconds=0.1)
    release.set()
    earlier.join()
    other.join()
