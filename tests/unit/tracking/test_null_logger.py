import inspect

from neptune_yolo.tracking.null_logger import NullLogger, NullRun
from neptune_yolo.tracking.run_logger import RunLogger


def public_methods(kind: type) -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(method).parameters)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_it_has_the_methods_of_the_real_logger() -> None:
    assert public_methods(NullLogger) == public_methods(RunLogger)


def test_everything_that_one_does_with_a_run_is_harmless() -> None:
    run = NullRun()

    run["a/b"].append(0.5, step=1)
    run["a"] = {"b": 1}
    run["a"]["b"].upload("no such file")
    run["sys/tags"].add(["x"])
    del run["a"]
    run.wait()
    with run as same:
        same.stop()

    assert not run.exists("a")
    assert not run["a"].fetch()
