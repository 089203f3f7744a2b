"""The public functions of the client, and the mark by which a test says which of them it drives."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

INTERNAL = {
    "LEGACY_METHODS": "names of the former API",
    "MAX_VALUE_LENGTH": "a number",
    "container_type": "a constant of each class",
    "create_assignment_operation": "how an attribute makes its operation",
    "getter": "how an attribute asks the server",
    "max_batch_size": "how a series splits what it sends",
    "operation_cls": "which operation a series sends",
    "process_assignment": "called by assign",
    "supports_copy": "asked by assign",
    "start": "called by opening a container",
    "set_attribute": "called by assign and define",
    "lock": "held by the methods that change a container",
}
"""Members that are public by their spelling only."""

SPECIAL = ("__getitem__", "__setitem__", "__delitem__", "__enter__", "__getattr__")


def covers(*names: str) -> pytest.MarkDecorator:
    """Say which functions of the client a test calls, as ``Class.method`` or ``function``."""
    return pytest.mark.covers(*names)


def public_names() -> set[str]:
    """Return all public functions and methods; a method by the class that defines it."""
    import neptune
    import neptune.management
    from neptune.cli import commands
    from neptune.handler import Handler
    from neptune.table import Table, TableEntry

    names = {f"neptune.{name}" for name in neptune.__all__ if name.startswith("init_")}
    names |= {
        f"management.{name}"
        for name in neptune.management.__all__
        if inspect.isfunction(getattr(neptune.management, name))
    }
    names |= {f"command.{name}" for name in commands.__all__}
    classes = [neptune.Run, neptune.Project, neptune.Model, neptune.ModelVersion, Handler, Table, TableEntry]
    for owner in [*classes, *_attribute_classes()]:
        names |= set(_methods(owner))
    return names


def _attribute_classes() -> Iterator[type]:
    import neptune.attributes

    for module_info in pkgutil.walk_packages(neptune.attributes.__path__, "neptune.attributes."):
        module = importlib.import_module(module_info.name)
        for _, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module_info.name:
                yield member


def _methods(owner: type) -> Iterator[str]:
    for name in dir(owner):
        if name in INTERNAL or (name.startswith("_") and name not in SPECIAL):
            continue
        defining: Any = next(base for base in owner.__mro__ if name in vars(base))
        if defining.__module__.startswith("neptune.") and not _is_abstract(vars(defining)[name]):
            yield f"{defining.__name__}.{name}"


def _is_abstract(member: Any) -> bool:
    return bool(getattr(member, "__isabstractmethod__", False))
