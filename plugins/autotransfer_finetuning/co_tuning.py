"""The source's own classes as a second task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings
from autotransfer_finetuning.relationship import learned

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class CoTuning(TunedMethod):
    """You, Kou, Long and Wang, "Co-Tuning for transfer learning", NeurIPS 2020: the source's own head is kept and
    trained along; what it should say of a row is p(source class | target class), learned before training from what it
    says of the target's rows. The loss has ``weight`` times the cross-entropy between the two.

    :param weight: > 0; 2.3 in the authors' code.
    """

    weight: float = 1.0

    name: ClassVar[str] = "co_tuning"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TRAINABLE | Asset.SOURCE_HEAD
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "You et al., NeurIPS 2020, Co-Tuning for Transfer Learning"

    def start(self, tuning: Tuning) -> None:
        """Put the source's head beside the new one: it is trained along, and not kept."""
        import torch
        from torch import nn

        weight, bias = source_head(tuning)
        head = nn.Linear(weight.shape[1], weight.shape[0]).to(tuning.ctx.device)
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(weight))
            head.bias.copy_(torch.from_numpy(bias))
        tuning.companions["source_head"] = head

    def groups(self, tuning: Tuning) -> Sequence[Group]:
        """The source's head moves with the backbone."""
        from autotransfer.nets.plan import Group

        return [*super().groups(tuning), Group(list(tuning.companions["source_head"].parameters()))]

    def loss(self, tuning: Tuning) -> Loss:
        """The labels' loss, and that of the source's classes."""
        import torch

        from autotransfer.tuning.rows import asked

        rows, head = tuning.rows, tuning.companions["source_head"]
        weight, bias = source_head(tuning)
        z = asked(tuning.network.eval(), rows.X)[0]
        relation = learned(z @ weight.T + bias, rows.y.cpu().numpy(), rows.n_classes, tuning.ctx.seed)
        wanted = torch.from_numpy(relation.astype(np.float32)).to(rows.X.device)

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            found = tuning.network(self.augmented(tuning, X))
            told = torch.log_softmax(head(found.z), dim=1)
            return rows.loss(found.scores, y) - self.weight * (wanted[y] * told).sum(dim=1).mean()

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.1, 4.0, log=True))


def source_head(tuning: Tuning) -> tuple[Array, Array]:
    """Weight and bias of the network's own classifier."""
    found = tuning.encoder.head()
    if found is None:
        raise TypeError("Co-Tuning needs a network that came with its classifier")
    return found
