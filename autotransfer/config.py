"""Frozen dataclasses as configuration: to JSON and back, and flattened to the names that a search uses."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union

from autotransfer.errors import InputError

T = TypeVar("T")
KIND = "kind"


def to_json(config: object) -> dict[str, Any]:
    """Field values of a dataclass as JSON values. A nested dataclass carries its ``kind``."""
    result: dict[str, Any] = {}
    for field in fields(config):  # type: ignore[arg-type]
        value = getattr(config, field.name)
        if is_dataclass(value):
            result[field.name] = {KIND: getattr(value, KIND), **to_json(value)}
        else:
            result[field.name] = list(value) if isinstance(value, tuple) else value
    return result


def from_json(cls: type[T], data: dict[str, Any]) -> T:
    """The inverse of :func:`to_json`. Raises ``InputError`` for unknown names and kinds."""
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable; the stubs of cache doubt it
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise InputError(f"{cls.__name__} has no setting {unknown[0]!r}: it has {', '.join(sorted(hints))}")
    return cls(**{name: _value(cls, name, hints[name], value) for name, value in data.items()})


def flatten(config: object) -> dict[str, Any]:
    """Search names and values: ``{"learner": "linear", "learner.l2": 1.0, "weight": 0.5}``."""
    flat: dict[str, Any] = {}
    for name, value in to_json(config).items():
        if isinstance(value, dict):
            flat[name] = value[KIND]
            flat |= {f"{name}.{inner}": item for inner, item in value.items() if inner != KIND}
        else:
            flat[name] = value
    return flat


@cache
def _hints(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}


def _value(cls: type, name: str, hint: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return _nested(cls, name, hint, value)
    if isinstance(value, list):
        return tuple(value)
    return value


def _nested(cls: type, name: str, hint: Any, value: dict[str, Any]) -> Any:
    options = typing.get_args(hint) if typing.get_origin(hint) in (Union, UnionType) else (hint,)
    by_kind = {getattr(option, KIND): option for option in options if hasattr(option, KIND)}
    kind = value.get(KIND)
    if kind not in by_kind:
        raise InputError(f"{cls.__name__}.{name} has no kind {kind!r}: it has {', '.join(sorted(by_kind))}")
    return from_json(by_kind[kind], {key: item for key, item in value.items() if key != KIND})
