"""The diagonal of the Fisher information of a lesson's rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer_continual.pupil import Pupil

MOST_ROWS = 2000
"""Rows of a lesson that it is estimated from; of more, the first ones of a random order."""


def diagonal(pupil: Pupil) -> Tensor:
    """``mean over rows of sum_c p(c | x) (d log p(c | x) / d parameter)²``, (p,): the expectation is over the model's
    own labels, exactly, not over the rows' (Martens, JMLR 21, 2020, jmlr.org/papers/v21/17-678.html; van de Ven, "On
    the computation of the Fisher information in continual learning", 2025, arXiv:2502.11756)."""
    import torch

    from autotransfer_continual.row_gradients import powers

    X, visible = pupil.lesson.X, pupil.visible(pupil.now)
    X = X[torch.randperm(len(X))[:MOST_ROWS].to(X.device)]
    labels = torch.nonzero(visible)[:, 0].tolist()

    def weighted(label: int, scores: Tensor) -> Tensor:
        logs = scores.masked_fill(~visible, -torch.inf).log_softmax(dim=1)[:, label]
        return (logs.detach() / 2).exp() * logs

    return powers(pupil.scores, pupil.network, X, [partial(weighted, label) for label in labels], 2) / len(X)
