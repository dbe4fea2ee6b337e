"""Fine-tuning with last layers that begin anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings


@final
@dataclass(frozen=True)
class ReinitializedLayers(TunedMethod):
    """Zhang, Wu, Katiyar, Weinberger and Artzi, "Revisiting few-sample BERT fine-tuning", ICLR 2021 (arXiv:2006.05987):
    the last blocks, which know most of the old task, are drawn anew before training. Each layer is drawn as its own
    kind is, where the paper draws all from BERT's normal distribution; parameters of no layer that can be drawn stay.

    :param layers: blocks that are drawn, at least 1; the first block always stays.
    """

    rate: float = 3e-3
    layers: int = 1

    name: ClassVar[str] = "reinitialized_layers"
    reference: ClassVar[str] = "Zhang et al., ICLR 2021, arXiv:2006.05987"

    def start(self, tuning: Tuning) -> None:
        """Draw the blocks nearest to the head."""
        from torch import nn

        count = min(self.layers, len(tuning.blocks) - 1)
        last = {name for block in tuning.blocks[len(tuning.blocks) - count :] for name in block}
        for prefix, part in tuning.network.backbone.named_modules():
            own = [name for name, _ in part.named_parameters(prefix=prefix, recurse=False)]
            draw = getattr(part, "reset_parameters", None)
            if own and last.issuperset(own) and callable(draw) and isinstance(part, nn.Module):
                draw()

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), layers=suggest.suggest_int("layers", 1, 3))
