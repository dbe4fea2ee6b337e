"""A linear head fitted on frozen features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.learners.linear_predictor import LinearPredictor

if TYPE_CHECKING:
    from autotransfer.tuning.tuning import Tuning

ABSENT = -10.0
"""Score of a class that no row has."""


def linear_head(X: Array, y: Array, n_classes: int, seed: int) -> tuple[Array, Array]:
    """Weight (outputs, d) and bias (outputs,), float32, of penalised logistic regression, or of ridge regression for
    values (``n_classes`` is 0). Classes without a row get the bias :data:`ABSENT`."""
    found = Linear().fit(X, y, n_classes=n_classes, seed=seed)
    outputs = n_classes or 1
    weight, bias = np.zeros((outputs, X.shape[1]), np.float32), np.full(outputs, ABSENT, np.float32)
    present = np.arange(outputs) if found.present is None else found.present
    bias[present] = 0.0
    if isinstance(found.inner, LinearPredictor):
        W, b = found.inner.W, found.inner.b
        if n_classes and len(present) == 2:  # one score, that of the second class
            W, b = np.column_stack([-W[:, 0] / 2, W[:, 0] / 2]), np.array([-b[0] / 2, b[0] / 2])
        weight[present], bias[present] = W.T, b
    return weight, bias


def probe(tuning: Tuning) -> None:
    """Fit the network's head on what its backbone says of the rows as they are."""
    import torch

    from autotransfer.tuning.rows import asked

    rows, head = tuning.rows, tuning.network.head
    tuning.network.eval()
    z = asked(tuning.network, rows.X)[0]
    weight, bias = linear_head(z.astype(np.float32), rows.y.cpu().numpy(), rows.n_classes, tuning.ctx.seed)
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(weight))
        head.bias.copy_(torch.from_numpy(bias))
