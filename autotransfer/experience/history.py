"""All experience at hand: what ships with the package, and what this user's runs have added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, final, overload

from autotransfer.experience.journal import read, store
from autotransfer.experience.row import Row
from autotransfer.experience.seed import seed

MOST_OWN = 3000
"""The user's latest arms that are learned from: more would cost seconds before each run."""


@final
class History(Sequence[Mapping[str, Any]]):
    """Past arms as flat rows of plain values, the shipped ones first. Nothing is read before the first look."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The same as objects."""
        own = store()
        return (*seed(), *(() if own is None else read(own)[-MOST_OWN:]))

    @cached_property
    def _plain(self) -> list[dict[str, Any]]:
        return [row.to_plain() for row in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._plain)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """A row, or several."""
        return self._plain[index]
