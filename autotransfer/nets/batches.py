"""Minibatches of several data sets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

import torch
from torch import Tensor

Rows: TypeAlias = tuple[Tensor, ...]
"""One data set: tensors of equal length, e.g. inputs and labels."""


@final
@dataclass(frozen=True, eq=False)
class Batch:
    """What a loss is given.

    :param parts: as many rows of each data set as a step takes, in the order of the data sets.
    :param step: steps done so far. :param progress: their share of all steps, in [0, 1).
    """

    parts: tuple[Rows, ...]
    step: int
    progress: float

    def pieces(self, count: int) -> list[tuple[Batch, float]]:
        """The batch cut into at most ``count`` pieces, each with its share of the rows of the first data set."""
        count = min(count, *(len(part[0]) for part in self.parts))
        if count == 1:
            return [(self, 1.0)]
        cut = [[tensor.tensor_split(count) for tensor in part] for part in self.parts]
        pieces = [tuple(tuple(tensor[i] for tensor in part) for part in cut) for i in range(count)]
        total = len(self.parts[0][0])
        return [(Batch(parts, self.step, self.progress), len(parts[0][0]) / total) for parts in pieces]


@final
class Batches:
    """Draws each data set in random order, again and again: no row comes a second time before all came once."""

    def __init__(self, sets: Sequence[Rows], size: int, seed: int) -> None:
        self._generator = torch.Generator().manual_seed(seed)
        self._sets = sets
        self._sizes = [min(size, max(2, len(rows[0]))) for rows in sets]
        self._waiting = [torch.empty(0, dtype=torch.int64) for _ in sets]

    def draw(self, step: int, progress: float) -> Batch:
        """The next rows of each set."""
        return Batch(tuple(self._next(index) for index in range(len(self._sets))), step, progress)

    def _next(self, index: int) -> Rows:
        rows, size = self._sets[index], self._sizes[index]
        while len(self._waiting[index]) < size:
            fresh = torch.randperm(len(rows[0]), generator=self._generator)
            self._waiting[index] = torch.cat([self._waiting[index], fresh])
        chosen, self._waiting[index] = self._waiting[index][:size], self._waiting[index][size:]
        chosen = chosen.to(rows[0].device)
        return tuple(tensor[chosen] for tensor in rows)
