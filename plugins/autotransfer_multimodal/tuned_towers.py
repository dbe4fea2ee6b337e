"""Towers whose image side is a pretrained network that was tuned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

from autotransfer.data import Array, Dataset
from autotransfer.task import Context, Source
from autotransfer.trainable import Trainable
from autotransfer.tuning import TunedPredictor, Tuning, TuningRows
from autotransfer_multimodal.towers import Towers
from autotransfer_multimodal.unit_projection import UnitProjection


@final
@dataclass(frozen=True, eq=False)
class TunedTowers(Towers):
    """:param tuning: its backbone gives rows of length 1. :param embed: texts -> (n, d), rows of length 1."""

    tuning: Tuning
    embed: Callable[[Sequence[str]], Array]
    factor: float

    def texts(self, texts: Sequence[str]) -> Array:
        return self.embed(texts)

    def images(self, data: Dataset) -> Array:
        from autotransfer.tuning.prepared import prepared
        from autotransfer_multimodal.networks import embedded

        rows = prepared(self.tuning.encoder, data.without_labels()).to(self.tuning.ctx.device)
        return embedded(self.tuning.network.backbone.eval(), rows)

    def predictor(self, classes: Array, change: Array) -> TunedPredictor:
        """A linear head on representations of length 1."""
        import torch
        from torch import nn

        from autotransfer.tuning.predictor import kept

        head = nn.Linear(classes.shape[1], len(classes))
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(self.factor * (classes + change)))
            head.bias.zero_()
        self.tuning.network.head = head.to(self.tuning.ctx.device)
        return kept(self.tuning)


def trainable(source: Source) -> Trainable:
    """The network behind the source's encoder."""
    encoder: object = source.encoder
    if not isinstance(encoder, Trainable):
        raise TypeError("this method needs a source with a network that can be trained further")
    return encoder


def started(source: Source, columns: int, ctx: Context) -> Tuning:
    """The source's images, and its network with a map into a space of so many columns."""
    import torch

    from autotransfer.tuning.network import width_of
    from autotransfer.tuning.prepared import prepared
    from autotransfer.tuning.tuning import start

    encoder = trainable(source)
    X = prepared(encoder, source.rows.without_labels())
    change = UnitProjection(width_of(encoder.build(), X[:1]), columns)
    y = torch.zeros(len(X), dtype=torch.int64)
    rows = TuningRows(X.to(ctx.device), y, None, n_classes=1, level=0.0, spread=1.0, images=True)
    return start(encoder, rows, change, ctx)
