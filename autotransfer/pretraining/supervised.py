"""Training with labels."""

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
class Supervised(Recipe):
    """Classification as in He et al., "Bag of tricks for image classification with convolutional neural networks", CVPR
    2019 (arXiv:1812.01187): random resized crops and mirroring, label smoothing, warm-up and cosine rate. Images grow
    while training goes on, as in Tan and Le, "EfficientNetV2", ICML 2021 (arXiv:2104.00298): from a half to three
    quarters of the size that the encoder takes, because crops enlarge what is in them (Touvron et al., "Fixing the
    train-test resolution discrepancy", NeurIPS 2019, arXiv:1906.06423).

    :param smoothing: probability that is spread over all classes. :param smallest: least share of an image in a crop.
    """

    name: ClassVar[str] = "supervised"
    reference: ClassVar[str] = "He et al., CVPR 2019, arXiv:1812.01187"
    modality: ClassVar[Modality] = Modality.IMAGE
    labels: ClassVar[bool] = True
    plan: ClassVar[Plan] = Plan(
        batch=128, rate=0.1, schedule=Cosine(0.15), optimiser="sgd", decay=5e-4, most_steps=10**9
    )

    smoothing: float = 0.1
    smallest: float = 0.3

    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        return resnet(size, width)

    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        from autotransfer.pretraining.objectives.classification import Classification

        return Classification(backbone, spec, n_classes, self)
