"""Labels as one spelling each, and the order of classes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autotransfer.data import Array
from autotransfer.readers.tidy import as_numbers


def labeled(labels: Array | None, n: int) -> Array:
    """Which of ``n`` rows have a label; bool of shape (n,)."""
    if labels is None:
        return np.zeros(n, dtype=bool)
    if labels.dtype == object:
        return np.array([label is not None for label in labels], dtype=bool)
    return np.asarray(~np.isnan(labels))


def spelled(labels: Array) -> Array:
    """Object array of ``str`` (None for missing) in which ``1``, ``"1"``, ``1.0`` and ``" 1 "`` are the same."""
    return np.array([_spell(label) for label in labels], dtype=object)


def class_order(names: Iterable[str]) -> tuple[str, ...]:
    """Sorted; as numbers when every name is one."""
    ordered = sorted(set(names))
    numbers = as_numbers(np.array(ordered, dtype=object))
    if np.isnan(numbers).any():
        return tuple(ordered)
    return tuple(ordered[position] for position in np.argsort(numbers, kind="stable"))


def class_indices(names: Array, classes: tuple[str, ...]) -> Array:
    """int64 of shape (n,): the position in ``classes``, -1 where the name is not among them."""
    position = {name: index for index, name in enumerate(classes)}
    return np.array([position.get(name, -1) for name in names], dtype=np.int64)


def _spell(label: object) -> str | None:
    if label is None:
        return None
    text = str(label).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    if np.isnan(number):
        return None
    if np.isinf(number) or abs(number) > 2**53 or "_" in text:
        return text
    return str(int(number)) if number == int(number) else repr(number)
