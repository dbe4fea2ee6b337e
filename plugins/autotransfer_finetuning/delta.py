"""Feature maps that stay near those of the pretrained network, channel by channel."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings
from autotransfer_finetuning.head_decay import head_decay

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class Delta(TunedMethod):
    """Li, Xiong, Wang, Rao, Liu, Chen and Huan, "DELTA: deep learning transfer using feature map with attention for
    convolutional networks", ICLR 2019 (arXiv:1901.09229): the loss has ``weight`` times the squared distance of the
    network's feature maps from those of the pretrained one, and ``beta / 2 ||v||^2`` of the head's weights v. Each
    channel counts by how much the pretrained network, with a head fitted on its features, needs it.

    The paper measures that need by removing one channel after the other, hundreds of passes over the rows; here it is
    the first-order change of the loss (Molchanov et al., ICLR 2017, arXiv:1611.06440), one pass. Maps are the outputs
    of the network's blocks; of a transformer each column of its tokens is a channel.

    :param weight: > 0; distances are means over rows and places of a map, sums over channels. :param beta: > 0.
    """

    weight: float = 0.1
    beta: float = 0.01

    name: ClassVar[str] = "delta"
    reference: ClassVar[str] = "Li et al., ICLR 2019, arXiv:1901.09229"

    def plan(self) -> Plan:
        """The base's without weight decay."""
        return replace(super().plan(), decay=0.0)

    def loss(self, tuning: Tuning) -> Loss:
        """The labels' loss and both penalties."""
        import torch

        from autotransfer_finetuning.maps import Maps, attention

        network, rows = tuning.network, tuning.rows
        before = copy.deepcopy(network.backbone).eval().requires_grad_(False)
        needs = attention(tuning)
        mine, old = Maps(network.backbone), Maps(before)

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            seen = self.augmented(tuning, X)
            with old.kept() as there, torch.no_grad():
                before(seen)
            with mine.kept() as here:
                found = network(seen)
            far = self.weight * apart(here, there, needs)
            return rows.loss(found.scores, y) + far + head_decay(network.head, self.beta)

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 1e-3, 10.0, log=True),
            beta=suggest.suggest_float("beta", 1e-4, 0.1, log=True),
        )


def apart(here: Sequence[Tensor], there: Sequence[Tensor], needs: Sequence[Tensor]) -> Tensor:
    """Half the squared distances of maps, times the channels' needs."""
    import torch

    from autotransfer_finetuning.maps import channels_first

    parts = [
        (need * channels_first(mine - other).square().mean(dim=(0, 2))).sum()
        for mine, other, need in zip(here, there, needs, strict=True)
    ]
    return torch.stack(parts).sum() / 2
