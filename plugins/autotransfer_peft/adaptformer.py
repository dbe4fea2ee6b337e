"""AdaptFormer: a narrow network beside that of each layer of a vision transformer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class AdaptFormer(PeftMethod):
    """Chen, Ge, Tong, Wang, Song, Wang and Luo, AdaptFormer: Adapting Vision Transformers for Scalable Visual
    Recognition, NeurIPS 2022 (arXiv:2205.13535): MLP(LN(x)) + s · up(ReLU(down(LN(x)))), up zero at first. The norm
    is the layer's own, as in the paper's equation 2; the authors' code has an option for one more, or none.

    :param narrow: columns inside, >= 1; 64 of 768 in the paper. :param scale: s, 0.1 in the paper.
    """

    narrow: int = 16
    scale: float = 0.1

    name: ClassVar[str] = "adaptformer"
    kind: ClassVar[str] = "adaptformer"
    reference: ClassVar[str] = "Chen et al., NeurIPS 2022, arXiv:2205.13535"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import BesideMlp, Bottleneck
        from autotransfer_peft.layers.transformers import transformer_layers

        for parts in transformer_layers(network):
            if parts.small is not None:
                beside = Bottleneck(parts.width, self.narrow, nn.ReLU()).zero()
                parts.small.put(BesideMlp(parts.small.layer, beside, self.scale))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        narrow = suggest.suggest_int("narrow", 2, 64, log=True)
        return cls(**common(suggest), narrow=narrow, scale=suggest.suggest_float("scale", 0.05, 4.0, log=True))
