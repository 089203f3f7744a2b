from collections.abc import Callable, Iterator
from typing import Any

import pytest

Open = Callable[..., Any]


@pytest.fixture
def open_container(init_run: Open) -> Iterator[Open]:
    """Open containers of the real client by kind: run, project, model, model_version; stopped at the end."""
    import neptune

    opened: list[Any] = []

    def open_(kind: str, **options: Any) -> Any:
        match kind:
            case "run":
                return init_run(**options)
            case "project":
                container = neptune.init_project(project="local/yolo", **options)
            case "model":
                container = neptune.init_model(**({"key": "DET"} if "with_id" not in options else {}), **options)
            case _:
                if "with_id" not in options:
                    open_("model")
                    options = {"model": "YOL-DET", **options}
                container = neptune.init_model_version(**options)
        opened.append(container)
        return container

    yield open_
    for container in opened:
        container.stop()


@pytest.fixture(params=["run", "project", "model", "model_version"])
def container(request: pytest.FixtureRequest, open_container: Open) -> Any:
    """A new container of each kind."""
    return open_container(request.param)
