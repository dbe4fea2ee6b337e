"""A pretrained network in training."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from autotransfer.task import Context
from autotransfer.trainable import Blocks, Trainable
from autotransfer.tuning.change import Change
from autotransfer.tuning.rows import TuningRows

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.tuning.network import TunedNetwork


@final
@dataclass(frozen=True, eq=False)
class Tuning:
    """What a method's hooks are given.

    :param network: ``backbone`` and ``head``; on the device of the fit.
    :param base: the backbone's parameters and statistics before training, by their names in it; copies.
    :param blocks: names of the backbone's parameters, block by block, the one nearest to the input first; after a
        change those that are trained, as one block.
    :param change: what was put into the network, or None.
    :param companions: modules of a method's loss, by names of its own; they are not kept.
    """

    encoder: Trainable
    rows: TuningRows
    network: TunedNetwork
    base: Mapping[str, Tensor]
    blocks: Blocks
    ctx: Context
    change: Change | None = None
    companions: dict[str, nn.Module] = field(default_factory=dict)

    def parameters(self) -> dict[str, nn.Parameter]:
        """The backbone's, by name."""
        return dict(self.network.backbone.named_parameters())

    def freeze(self, names: Collection[str]) -> None:
        """Parameters of the backbone that stay as they are; normalisation among them keeps its statistics."""
        for name, parameter in self.network.backbone.named_parameters():
            if name in names:
                parameter.requires_grad_(False)
        self.network.hold(names)


def start(encoder: Trainable, rows: TuningRows, change: Change | None, ctx: Context) -> Tuning:
    """A new copy of the network with a new head. Call it inside of ``seeding.reproducible``."""
    import torch

    from autotransfer.tuning.network import TunedNetwork, width_of

    backbone = encoder.build()
    blocks = encoder.blocks(backbone)
    width = width_of(backbone, rows.X[:1].cpu())
    if change is not None:
        blocks = (changed(backbone, change),)
    network = TunedNetwork(backbone, width, rows.n_outputs).to(ctx.device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # convolutions take a fifth less time
    base = {name: tensor.detach().clone() for name, tensor in backbone.state_dict().items()}
    tuning = Tuning(encoder, rows, network, base, blocks, ctx, change)
    if change is not None:
        tuning.freeze({name for name, _ in backbone.named_parameters()} - set(blocks[0]))
    return tuning


def changed(backbone: nn.Module, change: Change) -> tuple[str, ...]:
    """Make the change; the names of what it has trained."""
    trained = {id(parameter) for parameter in change.apply(backbone)}
    return tuple(name for name, parameter in backbone.named_parameters() if id(parameter) in trained)
