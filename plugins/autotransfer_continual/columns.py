"""A column of a progressive network: two hidden layers that also see those of the columns before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn

Hidden = tuple[Tensor, Tensor]
"""A column's two hidden layers for n rows, (n, width) each."""


@final
class Column(nn.Module):
    """``h_i = relu(W_i h_(i-1) + U_i relu(V_i (a_1 g_1, a_2 g_2, ...)))``, with g_j the previous layer of column j, and
    a_j a number that is learned and begins small.

    :param inputs: columns of a row. :param width: units of a hidden layer, the same in all columns.
    :param outputs: classes of the task. :param earlier: columns before this one.
    """

    def __init__(self, inputs: int, width: int, outputs: int, earlier: int) -> None:
        super().__init__()
        sizes = (width, outputs)
        self.own = nn.ModuleList(nn.Linear(a, b) for a, b in ((inputs, width), *((width, size) for size in sizes)))
        count = len(sizes) if earlier else 0
        self.scales = nn.Parameter(0.01 * (1 + torch.rand(count, earlier)))
        self.narrowing = nn.ModuleList(nn.Linear(earlier * width, width) for _ in range(count))
        self.lateral = nn.ModuleList(nn.Linear(width, size, bias=False) for size in sizes[:count])

    def forward(self, X: Tensor, earlier: Sequence[Hidden]) -> tuple[Hidden, Tensor]:
        """Hidden layers, and scores (n, outputs)."""
        first = self.own[0](X).relu()
        second = (self.own[1](first) + self._seen(0, [hidden[0] for hidden in earlier])).relu()
        return (first, second), self.own[2](second) + self._seen(1, [hidden[1] for hidden in earlier])

    def _seen(self, layer: int, layers: Sequence[Tensor]) -> Tensor | float:
        """What a layer is given by the earlier columns' layers before it."""
        if not layers:
            return 0.0
        scaled = torch.cat([scale * h for scale, h in zip(self.scales[layer], layers, strict=True)], dim=1)
        found: Tensor = self.lateral[layer](self.narrowing[layer](scaled).relu())
        return found


def through(columns: Sequence[Column], X: Tensor) -> Tensor:
    """Scores of the last column. Those before it are passed without gradients."""
    hidden: list[Hidden] = []
    with torch.no_grad():
        for column in columns[:-1]:
            hidden.append(column(X, hidden)[0])
    scores: Tensor = columns[-1](X, hidden)[1]
    return scores
