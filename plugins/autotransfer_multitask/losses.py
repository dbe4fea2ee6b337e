"""The loss of each task, from scores of rows of many tasks."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor
from torch.nn import functional

from autotransfer_multitask.rows import Scales


@final
class TaskLosses:
    """Cross-entropy of classes, squared error of standardised values.

    :param scales: of all tasks; scores (n, total) hold the scores of the first task, then of the second, and so on.
    """

    def __init__(self, scales: Scales, device: str) -> None:
        self._columns = torch.from_numpy(scales.columns).to(device)
        inside = torch.arange(scales.width) < torch.from_numpy(scales.outputs)[:, None]
        self._outside = ~inside.to(device)
        self._values = torch.from_numpy(scales.classes == 0).to(device)

    def own(self, scores: Tensor, task: Tensor) -> Tensor:
        """The scores of each row's own task, (n, width); minus infinity beyond them."""
        return self.inside(scores.gather(1, self._columns[task]), task)

    def inside(self, own: Tensor, task: Tensor) -> Tensor:
        """Scores (n, width) of each row's own task, minus infinity beyond them."""
        return own.masked_fill(self._outside[task], -torch.inf)

    def rows(self, scores: Tensor, task: Tensor, y: Tensor) -> Tensor:
        """The loss of each row, (n,)."""
        return self.of_own(self.own(scores, task), task, y)

    def of_own(self, own: Tensor, task: Tensor, y: Tensor) -> Tensor:
        """The same from the scores of each row's own task, (n, width)."""
        values = self._values[task]
        label = torch.where(values, torch.zeros_like(y), y).long()
        entropies = functional.cross_entropy(own, label, reduction="none")
        return torch.where(values, (own[:, 0] - y).square(), entropies)


def means(rows: Tensor, slot: Tensor, count: int) -> Tensor:
    """Mean of values (n,) over each of ``count`` groups; ``slot`` (n,) says whose a row is. Each group has a row."""
    total = rows.new_zeros(count).index_add(0, slot, rows)
    return total / torch.bincount(slot, minlength=count)
