"""Training with labels and with a teacher from the zoo."""

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
class Distilled(Recipe):
    """DeiT: Touvron, Cord, Douze, Massa, Sablayrolles and Jégou, "Training data-efficient image transformers and
    distillation through attention", ICML 2021 (arXiv:2012.12877): a small vision transformer learns from labels and
    from a convolutional teacher, a residual network of the zoo with the same classes. Here both see the same crop and
    the teacher's probabilities count, not its choice (Beyer et al., "Knowledge distillation: a good teacher is patient
    and consistent", CVPR 2022, arXiv:2106.05237), its last maps are a hint (Romero et al., "FitNets", ICLR 2015,
    arXiv:1412.6550), and there is no token for the class or the teacher: features are means over patches.

    :param teacher: name or folder of an entry of the zoo.
    :param smoothing: probability that is spread over all classes. :param smallest: least share of an image in a crop.
    :param trust: share of the teacher in the classification loss. :param temperature: > 0, of both probabilities.
    :param hint: weight of the squared error of the teacher's normalised maps.
    """

    name: ClassVar[str] = "distilled"
    reference: ClassVar[str] = "Touvron et al., ICML 2021, arXiv:2012.12877"
    modality: ClassVar[Modality] = Modality.IMAGE
    labels: ClassVar[bool] = True
    plan: ClassVar[Plan] = Plan(
        batch=128, rate=1e-3, schedule=Cosine(0.1), optimiser="adam", decay=0.05, clip=1.0, most_steps=10**9
    )

    teacher: str = "photo-resnet"
    smoothing: float = 0.1
    smallest: float = 0.3
    trust: float = 0.5
    temperature: float = 2.0
    hint: float = 1.0

    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        return VitSpec(64 if size is None else size, width=128 if width is None else width, heads=2, stem=(32, 64, 128))

    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        from autotransfer.pretrained.modules.vit import Vit
        from autotransfer.pretraining.objectives.distillation import Distillation, teacher_of

        if not isinstance(spec, VitSpec) or not isinstance(backbone, Vit):
            raise InputError(f"the recipe distilled trains a vit, not a {spec.kind}")
        return Distillation(backbone, spec, n_classes, self, teacher_of(self.teacher, n_classes))
