"""Reads YAML that others have written, as plain data: no tag is ever carried out, no alias is unfolded."""

from pathlib import Path
from typing import Any

import yaml

_MOST_BYTES = 4 * 2**20


class UnreadableYamlError(ValueError):
    """A YAML file cannot be read."""


class _PlainLoader(yaml.SafeLoader):
    """Makes text of what has a tag that plain YAML does not know."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases, which could unfold without end")
        return super().compose_node(parent, index)


def _plain(loader: _PlainLoader, suffix: str, node: yaml.Node) -> object:
    del suffix
    if isinstance(node, yaml.SequenceNode):  # a path of the standard library is written as a list of its parts
        parts = [str(part) for part in loader.construct_sequence(node, deep=True)]
        return "/".join(parts).replace("//", "/")
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return str(node.value)


_PlainLoader.add_multi_constructor("", _plain)


def read_yaml(file: Path) -> dict[str, Any]:
    """Return the top level of a YAML file.

    Args:
        file: The file.

    Raises:
        UnreadableYamlError: If it cannot be read, is larger than 4 MiB, or holds no names with values.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise UnreadableYamlError(f"{file.name} is larger than {_MOST_BYTES // 2**20} MiB")
        content = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_PlainLoader)  # noqa: S506 - makes plain data only
    except OSError as error:
        raise UnreadableYamlError(f"{file.name} cannot be read ({error.strerror or error})") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, OverflowError) as error:
        if isinstance(error, UnreadableYamlError):
            raise
        reason = " ".join(str(error).split())[:200]
        raise UnreadableYamlError(f"{file.name} is not readable YAML ({reason})") from error
    if not isinstance(content, dict):
        raise UnreadableYamlError(f"{file.name} must hold names with values; got {type(content).__name__}")
    return {str(name): value for name, value in content.items()}
