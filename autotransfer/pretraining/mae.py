"""Training without labels: what a part of an image tells of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.nets import Cosine, Plan
from autotransfer.pretrained.specs import Spec, VitSpec
from autotransfer.pretraining.recipe import Recipe

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.pretrained.modules.backbone import Backbone


@final
@dataclass(frozen=True)
class MaskedImages(Recipe):
    """MAE: He, Chen, Xie, Li, Dollár and Girshick, "Masked autoencoders are scalable vision learners", CVPR 2022
    (arXiv:2111.06377), on a small vision transformer (patches of 8 pixels): the encoder sees a random quarter of the
    patches, a light decoder predicts the others' pixels, normalised patch by patch, and is thrown away afterwards.
    There is no class token: features are means over patches, as in the paper's variant with global pooling.

    :param hidden: share of the patches that the encoder does not see. :param depth: layers of the decoder.
    """

    name: ClassVar[str] = "mae"
    reference: ClassVar[str] = "He et al., CVPR 2022, arXiv:2111.06377"
    modality: ClassVar[Modality] = Modality.IMAGE
    plan: ClassVar[Plan] = Plan(
        batch=128, rate=1e-3, schedule=Cosine(0.1), optimiser="adam", decay=0.05, most_steps=10**9
    )

    hidden: float = 0.75
    depth: int = 1
    smallest: float = 0.2

    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        return VitSpec(64 if size is None else size, width=192 if width is None else width)

    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        from autotransfer.pretrained.modules.vit import Vit
        from autotransfer.pretraining.objectives.masked_images import Reconstruction

        if not isinstance(spec, VitSpec) or not isinstance(backbone, Vit):
            raise InputError(f"the recipe mae trains a vit, not a {spec.kind}")
        return Reconstruction(backbone, spec, self)
