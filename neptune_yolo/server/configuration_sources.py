"""Reads the settings of a team server: file, then environment, then command line; the later one wins."""

import re
import tomllib
import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from neptune_yolo.server.configuration import ENVIRONMENT_PREFIX, ServerConfiguration
from neptune_yolo.server.exceptions import ConfigurationError

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_SHOWN_CHARACTERS = 60

_RELATIVE_SQLITE = re.compile(r"(sqlite(?:\+pysqlite)?:///)(?!/|:memory:|file:|[A-Za-z]:[/\\])([^?]+)")
"""The address of an SQLite database whose path is relative, at its beginning."""

_SECRETS = frozenset(item.name for item in fields(ServerConfiguration) if not item.repr)
_TYPES: Mapping[str, Any] = types.MappingProxyType(get_type_hints(ServerConfiguration))


def load_configuration(
    file: Path | None, environment: Mapping[str, str], options: Mapping[str, Any]
) -> ServerConfiguration:
    """Return the settings of a team server; whether they fit together is for `ServerConfiguration.check`.

    With a file, relative paths in it, and those of defaults, count from its folder; those of the environment and of
    options count from the current folder.

    Args:
        file: TOML file with settings at its top level.
        environment: Variables; those that begin with ``NEPTUNE_YOLO_SERVER_`` count.
        options: Settings of the command line, as text or as the values themselves; None for those not given.

    Raises:
        ConfigurationError: If a setting is unknown or of a wrong type.
    """
    values = {} if file is None else _read_file(file)
    for variable, text in sorted(environment.items()):
        if variable.startswith(ENVIRONMENT_PREFIX):
            name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
            values[name] = _value(name, text, f"environment variable {variable}")
    for name, value in options.items():
        if value is not None:
            values[name] = _value(name, value, f"option --{name.replace('_', '-')}")
    return ServerConfiguration(**values)


def type_text(name: str) -> str:
    """Return the type of a setting in words.

    Args:
        name: Name of the setting.
    """
    return _expected(_TYPES[name])


def help_text(name: str) -> str:
    """Return what a setting is for, in Markdown.

    Args:
        name: Name of the setting.
    """
    text: str = get_type_hints(ServerConfiguration, include_extras=True)[name].__metadata__[0]
    return text


def setting_names() -> tuple[str, ...]:
    """Return the names of all settings, in the order of the table."""
    return tuple(item.name for item in fields(ServerConfiguration))


def default_text(name: str) -> str:
    """Return the default of a setting as it would be written in an environment variable.

    Args:
        name: Name of the setting.
    """
    default = getattr(ServerConfiguration(), name)
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else f"{default:g}" if isinstance(default, float) else str(default)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"Expected a file with settings, but {str(file)!r} can't be read ({error.strerror}). Check the path."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"Expected settings in TOML (name = value), but {str(file)!r} can't be read ({error}). Correct the file."
        ) from error
    values: dict[str, Any] = {name: getattr(ServerConfiguration, name) for name in ("database_url", "file_root")}
    values |= {name: _value(name, value, f"file {str(file)!r}") for name, value in content.items()}
    folder = file.parent.resolve()
    for name, value in values.items():
        if isinstance(value, Path):
            values[name] = folder / value
    return values | {"database_url": _located_url(values["database_url"], folder)}


def _located_url(database_url: str, folder: Path) -> str:
    """Return the address of a database with the path of an SQLite file as one that counts from a folder."""
    found = _RELATIVE_SQLITE.match(database_url)
    if found is None:
        return database_url
    if "?" in str(folder):
        raise ConfigurationError(
            f"Expected a settings file in a folder without a question mark in its path, got {str(folder)!r}, because "
            "the address of an SQLite database can't carry it. Move the file, or write the whole path in database_url."
        )
    return f"{found[1]}{(folder / found[2]).as_posix()}{database_url[found.end() :]}"


def _value(name: str, value: object, source: str) -> Any:
    if name not in _TYPES:
        raise ConfigurationError(
            f"Expected a setting of the server, got the unknown name {name!r} ({source}). "
            f"Known are: {', '.join(sorted(_TYPES))}."
        )
    kind = _TYPES[name]
    try:
        return _converted(kind, value)
    except (ValueError, TypeError):
        shown = "another value (not shown: it may hold a secret)" if name in _SECRETS else _shown(value)
        raise ConfigurationError(
            f"Expected {_expected(kind)} for the setting {name}, got {shown} ({source}). Correct it."
        ) from None


def _converted(kind: Any, value: object) -> Any:
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        parts = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            raise TypeError
        return tuple(_converted(get_args(kind)[0], part) for part in parts)
    if issubclass(kind, StrEnum):
        return kind(value)
    return _CONVERTERS[kind](value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError
    return value


def _path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not _text(value):
        raise ValueError
    return Path(_text(value)).expanduser()


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word not in _YES | _NO:
        raise ValueError
    return word in _YES


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    return float(value)


_CONVERTERS: Mapping[type, Callable[[object], Any]] = types.MappingProxyType(
    {str: _text, Path: _path, bool: _flag, int: _integer, float: _number}
)
_WORDS: Mapping[type, str] = types.MappingProxyType(
    {str: "a text", Path: "a path", bool: "true or false", int: "a whole number", float: "a number"}
)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _expected(kind: Any) -> str:
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        members = f" of {', '.join(inner)}" if issubclass(inner, StrEnum) else ""
        return f"a list{members}"
    if issubclass(kind, StrEnum):
        return " or ".join(kind)
    return _WORDS[kind]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
