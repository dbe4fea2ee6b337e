"""Averaged weights, and the statistics that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.optim.swa_utils import AveragedModel, update_bn

from autotransfer.tuning import Tuning

if TYPE_CHECKING:
    from torch import Tensor

_BATCH = 32


def take(tuning: Tuning, average: AveragedModel) -> None:
    """The average in place of the last weights, with the statistics of the training rows under it."""
    if int(average.n_averaged):
        fill(tuning, average.module.state_dict())


def fill(tuning: Tuning, weights: dict[str, Tensor]) -> None:
    """These weights, and statistics of batch normalisation from one pass over the rows as they are (section 3.2 of
    Izmailov et al., UAI 2018)."""
    tuning.network.load_state_dict(weights)
    if len(tuning.rows.X) > 1:
        parts = [part for part in torch.split(tuning.rows.X, _BATCH) if len(part) > 1]
        update_bn(parts, tuning.network)
    tuning.network.eval()
