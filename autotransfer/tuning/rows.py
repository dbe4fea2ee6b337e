"""The labelled target rows as a pretrained network takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Context, Task
from autotransfer.trainable import Trainable
from autotransfer.tuning.prepared import prepared

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.training import Judge
    from autotransfer.tuning.network import TunedNetwork

SPARE = 500
"""Labelled rows from which on a tenth is put aside to judge epochs where the task brings no validation rows."""
_CHUNK = 128


@final
@dataclass(frozen=True, eq=False)
class TuningRows:
    """Rows on the device of the fit, prepared once.

    :param X: labelled rows (n, ...), ``y`` (n,) their classes or standardised values.
    :param validation: rows that judge epochs and their labels as given, or None.
    :param n_classes: 0 for values, which are standardised: ``y = level + spread * value``.
    :param images: whether rows are images (n, 3, height, width), which may be cropped and mirrored.
    """

    X: Tensor
    y: Tensor
    validation: tuple[Tensor, Array] | None
    n_classes: int
    level: float
    spread: float
    images: bool

    @property
    def n_outputs(self) -> int:
        """Scores of a row."""
        return self.n_classes or 1

    def loss(self, scores: Tensor, y: Tensor) -> Tensor:
        """Cross-entropy, or the squared error of standardised values; the mean over the rows."""
        from torch.nn import functional

        if self.n_classes:
            return functional.cross_entropy(scores, y)
        return functional.mse_loss(scores[:, 0], y)

    def judge(self, network: TunedNetwork) -> Judge | None:
        """The accuracy, or minus the root mean squared error, on validation rows; None where there are none."""
        if self.validation is None:
            return None
        X, y = self.validation

        def score() -> float:
            scores = asked(network, X)[1]
            if self.n_classes:
                return float(np.mean(scores.argmax(axis=1) == y))
            return -float(np.sqrt(np.mean((scores[:, 0] * self.spread + self.level - y) ** 2)))

        return score


def asked(network: TunedNetwork, X: Tensor) -> tuple[Array, Array]:
    """Representations and scores of prepared rows, float64, without gradients and in the network's present mode."""
    import torch

    with torch.no_grad():
        parts = [network(chunk) for chunk in torch.split(X, _CHUNK)]
    found = (torch.cat([part[index] for part in parts]).double().cpu().numpy() for index in (0, 1))
    z, scores = found
    return z, scores


def gather(task: Task, encoder: Trainable, ctx: Context) -> TuningRows:
    """The rows of a problem, prepared by the encoder. Without validation rows a tenth of many is put aside."""
    import torch

    train, held = task.train, task.validation
    if (held is None or not len(held)) and len(train) >= SPARE:
        order = ctx.rng().permutation(len(train))
        train, held = train.take(np.sort(order[len(train) // 10 :])), train.take(np.sort(order[: len(train) // 10]))
    y = train.labels
    level, spread = (0.0, 1.0) if task.n_classes else (float(y.mean()), float(y.std()) or 1.0)
    labels = y.astype(np.int64) if task.n_classes else ((y - level) / spread).astype(np.float32)

    def ready(data: Dataset) -> Tensor:
        return prepared(encoder, data.without_labels()).to(ctx.device)

    validation = None if held is None or not len(held) else (ready(held), held.labels)
    images = train.modality is Modality.IMAGE
    target = torch.from_numpy(labels).to(ctx.device)
    return TuningRows(ready(train), target, validation, task.n_classes, level, spread, images)
