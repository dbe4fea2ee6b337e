"""Backbone against pairs of heads: Saito et al., CVPR 2018 (arXiv:1712.02560); Peng et al., ICCV 2019 (1812.01754)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.nets.plan import Group

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Network
    from autotransfer.nets.training import Loss, Turn


def game(network: Network, learn: Loss, keep: Loss, target: int, repeats: int) -> list[Turn]:
    """The three moves of a step. (A) All parameters follow ``learn``. (B) The heads follow ``keep`` less the
    discrepancy of each pair of heads on target rows. (C) The backbone follows the discrepancy, ``repeats`` times.

    :param target: position of the target rows among the data sets.
    """
    from autotransfer.nets.training import Turn

    def apart(batch: Batch) -> Tensor:
        z = network.backbone(batch.parts[target][0]).detach()
        return keep(batch) - discrepancy(network, z)

    def together(batch: Batch) -> Tensor:
        return discrepancy(network, network.backbone(batch.parts[target][0]))

    return [
        Turn(learn, [Group(list(network.parameters()))]),
        Turn(apart, [Group(list(network.heads.parameters()))]),
        Turn(together, [Group(list(network.backbone.parameters()))], repeats),
    ]


def discrepancy(network: Network, z: Tensor) -> Tensor:
    """Mean absolute difference of two heads' class probabilities, summed over the pairs (0, 1), (2, 3), ..."""
    p = [head(z).softmax(dim=1) for head in network.heads]
    pairs = zip(p[::2], p[1::2], strict=True)
    return sum(((a - b).abs().mean() for a, b in pairs), start=z.new_zeros(()))
