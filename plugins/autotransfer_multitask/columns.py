"""Layers of several tasks side by side, as cross-stitch networks have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np
import torch
from torch import Tensor, nn

from autotransfer.data import Array
from autotransfer.nets.batches import Batch
from autotransfer_multitask.losses import TaskLosses, means
from autotransfer_multitask.rows import TaskRows


@final
class Columns(nn.Module):
    """Two layers and a head for each task, and a stitch after each layer.

    :param sizes: columns of the rows, of a layer and of a head. :param keep: what a column keeps of its own at first.
    """

    def __init__(self, tasks: int, sizes: tuple[int, int, int], keep: float) -> None:
        super().__init__()
        inputs, width, outputs = sizes
        shapes = ((inputs, width), (width, width), (width, outputs))
        self.weights = nn.ParameterList(
            torch.empty(tasks, *shape).uniform_(-1, 1) * shape[0] ** -0.5 for shape in shapes
        )
        self.biases = nn.ParameterList(torch.empty(tasks, b).uniform_(-1, 1) * a**-0.5 for a, b in shapes)
        others = (1 - keep) / max(tasks - 1, 1)
        stitch = torch.full((tasks, tasks), others).fill_diagonal_(keep if tasks > 1 else 1.0)
        self.stitches = nn.ParameterList(stitch.clone() for _ in range(2))

    def forward(self, X: Tensor, task: Tensor) -> Tensor:
        """Scores (n, outputs) of rows (n, inputs) by the head of each row's own task."""
        values = X.expand(len(self.weights[0]), *X.shape)
        for weight, bias, stitch in zip(self.weights, self.biases, self.stitches, strict=False):
            values = torch.einsum("kj,jnw->knw", stitch, torch.relu(torch.baddbmm(bias[:, None], values, weight)))
        own = values[task, torch.arange(len(task), device=task.device)]
        found: Tensor = torch.einsum("nw,nwo->no", own, self.weights[2][task]) + self.biases[2][task]
        return found

    def arrays(self) -> dict[str, Array]:
        """By the names that ``cross_stitch.Stitched`` gives them."""
        named = {"weight": self.weights, "bias": self.biases, "stitch": self.stitches}
        return {
            f"{name}{index}": np.array(part.detach().cpu().numpy())
            for name, parts in named.items()
            for index, part in enumerate(parts)
        }


def loss_of(columns: Columns, rows: TaskRows, device: str) -> Callable[[Batch], Tensor]:
    """The mean over tasks of their losses, for batches with a part for each task that has rows."""
    measure, present = TaskLosses(rows.scales, device), torch.from_numpy(rows.present).to(device)

    def loss(batch: Batch) -> Tensor:
        X, y = (torch.cat([part[index] for part in batch.parts]) for index in (0, 1))
        sizes = torch.tensor([len(part[0]) for part in batch.parts], device=device)
        slot = torch.repeat_interleave(torch.arange(len(sizes), device=device), sizes)
        task = present[slot]
        return means(measure.of_own(measure.inside(columns(X, task), task), task, y), slot, len(sizes)).mean()

    return loss
