"""Names that differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def unique_names(names: Sequence[str]) -> list[str]:
    """Each name once, in order: the second ``books`` is ``books-2``."""
    found: list[str] = []
    for name in names:
        found.append(unique_name(name, found))
    return found


def unique_name(name: str, taken: Collection[str]) -> str:
    """``name``, or ``name-2``, ``name-3``, ... whichever is free first."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
