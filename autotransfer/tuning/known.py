"""Classes by the names that saved models have for them: nothing is imported, only what is loaded is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from autotransfer.config import from_json, to_json
from autotransfer.errors import InputError
from autotransfer.state import State

T = TypeVar("T")


def described(value: Any, name: str) -> State:
    """A frozen dataclass as plain data.

    :param name: of the class attribute that tells its class from others of its family.
    """
    return {"name": getattr(value, name), "params": to_json(value)}


def known(family: type[T], name: str, state: State) -> T:
    """The inverse of :func:`described`, among the classes with a name below ``family`` that plugins have loaded.

    Raises ``InputError`` for a name that none of them has.
    """
    found = {getattr(kind, name): kind for kind in _below(family) if hasattr(kind, name)}
    if state["name"] not in found:
        words = f"the saved model needs the {family.__name__} {state['name']!r}, which no installed plugin brings"
        raise InputError(f"{words}; install the plugin that made the model")
    return from_json(found[state["name"]], dict(state["params"]))


def _below(family: type[T]) -> Iterator[type[T]]:
    for kind in family.__subclasses__():
        yield kind
        yield from _below(kind)
