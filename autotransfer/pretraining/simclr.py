"""Training without labels: two views of an image know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from autotransfer.data import Dataset, Modality
from autotransfer.nets import Cosine, Plan
from autotransfer.pretrained.specs import Spec, resnet
from autotransfer.pretraining.recipe import Recipe

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.pretrained.modules.backbone import Backbone


@final
@dataclass(frozen=True)
class Contrastive(Recipe):
    """SimCLR: Chen, Kornblith, Norouzi and Hinton, "A simple framework for contrastive learning of visual
    representations", ICML 2020 (arXiv:2002.05709), in its form for small images (appendix B.9: no blur, temperature
    0.5): random crops, mirroring, colour jitter and dropped colours give two views of each image; a projection of two
    layers, thrown away afterwards; NT-Xent. LARS, meant for batches of thousands, is left for SGD with momentum.

    :param temperature: > 0. :param strength: of the colour jitter. :param projection: columns compared.
    """

    name: ClassVar[str] = "simclr"
    reference: ClassVar[str] = "Chen et al., ICML 2020, arXiv:2002.05709"
    modality: ClassVar[Modality] = Modality.IMAGE
    plan: ClassVar[Plan] = Plan(
        batch=256, rate=0.2, schedule=Cosine(0.1), optimiser="sgd", decay=1e-4, most_steps=10**9
    )

    temperature: float = 0.5
    smallest: float = 0.2
    strength: float = 0.4
    projection: int = 128

    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        return resnet(size, width)

    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        from autotransfer.pretraining.objectives.contrast import Contrast

        return Contrast(backbone, spec, self)
