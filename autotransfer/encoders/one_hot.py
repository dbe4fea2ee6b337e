"""One categorical column as indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from autotransfer.data import Array
from autotransfer.encoders.columns import categories
from autotransfer.state import State


@dataclass(frozen=True)
class OneHot:
    """Levels that have an indicator of their own (None: missing), and whether one more stands for all others."""

    name: str
    levels: tuple[str | None, ...]
    others: bool

    @classmethod
    def of(cls, name: str, column: pd.Series, most: int) -> Self:
        """At most ``most`` indicators: the rarest levels share one when there are more levels than that."""
        codes, words = categories(column)
        counts: dict[str | None, int] = {}
        for word, count in zip(words, np.bincount(codes, minlength=len(words)), strict=True):
            if count:
                counts[word] = counts.get(word, 0) + int(count)
        levels = sorted(counts, key=_missing_last)
        if len(levels) <= most:
            return cls(name, tuple(levels), others=False)
        frequent = sorted(levels, key=counts.__getitem__)[len(levels) - (most - 1) :]
        return cls(name, tuple(sorted(frequent, key=_missing_last)), others=True)

    @property
    def width(self) -> int:
        """Number of indicators."""
        return len(self.levels) + self.others

    def encode(self, column: pd.Series) -> Array:
        """Float32 of shape (n, width). A level never seen is one of the others, or all zeros where there are none."""
        codes, words = categories(column)
        index = {level: position for position, level in enumerate(self.levels)}
        positions = np.array([index.get(word, len(self.levels)) for word in words], np.int64)
        indicators = np.eye(len(self.levels) + 1, self.width, dtype=np.float32)
        return np.asarray(indicators[positions[codes]])

    def state(self) -> State:
        """Plain data."""
        return {"name": self.name, "levels": list(self.levels), "others": self.others}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(state["name"], tuple(state["levels"]), state["others"])


def _missing_last(level: str | None) -> tuple[bool, str]:
    return level is None, level or ""
