"""A classifier by cosines, trained on a few rows of a fixed representation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autotransfer.data import Array
from autotransfer.nets import Plan
from autotransfer.task import Context, Task
from autotransfer_fewshot.comparison import Comparison, unit

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch

SCALE = 10.0
_STEPS, _BATCH, _RATE = 100, 32, 0.03


def fitted_cosines(Z: Array, task: Task, scale: float, decay: float, ctx: Context) -> Comparison:
    """A cosine head trained on the task's labelled rows, in a hundred steps as in the code of Chen et al.; Adam's where
    that takes SGD with a damped momentum.

    :param Z: (n, d), their representation. :param decay: weight decay.
    """
    import torch
    from torch.nn import functional

    from autotransfer.nets.plan import Group
    from autotransfer.nets.seeding import reproducible
    from autotransfer.nets.training import Turn, train
    from autotransfer_fewshot.cosine_module import Cosines

    present, y = np.unique(task.train.labels, return_inverse=True)
    with reproducible(ctx.seed, ctx.device):
        head = Cosines(Z.shape[1], len(present), scale).to(ctx.device)
        rows = (torch.from_numpy(unit(Z).astype(np.float32)).to(ctx.device), torch.from_numpy(y).to(ctx.device))

        def loss(batch: Batch) -> Tensor:
            X, labels = batch.parts[0]
            return functional.cross_entropy(head(X), labels)

        plan = Plan(_STEPS, _BATCH, _RATE, decay=decay, most_steps=_STEPS)
        train(head, [Turn(loss, [Group([head.weight])])], [rows], plan, ctx)
        weights = head.weight.detach().cpu().numpy().astype(np.float64)
    return Comparison(weights, present, task.n_classes, "cosine", scale)
