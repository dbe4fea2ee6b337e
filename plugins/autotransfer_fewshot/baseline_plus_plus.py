"""Baseline++: no episodes, a plain classifier of the source's classes, and cosines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest, TwoStageMethod
from autotransfer.nets import Cosine, ImageForm, NetworkPredictor, NetworkSpec, Plan
from autotransfer.task import Context, Source, Task
from autotransfer_fewshot.cosine_head import SCALE, fitted_cosines
from autotransfer_fewshot.lessons import AUGMENTATIONS, augmented, backbone_for, form_and_rows
from autotransfer_fewshot.predictor import ComparingPredictor
from autotransfer_fewshot.sources import TIME_SHARE, why_refused

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch


@final
@dataclass(frozen=True)
class BaselinePlusPlus(TwoStageMethod[NetworkPredictor]):
    """Chen, Liu, Kira, Wang and Huang, "A closer look at few-shot classification", ICLR 2019 (arXiv:1904.04232).

    A network learns to tell all classes of the source by the cosines of its representation with a weight vector a
    class; then it is frozen, and new weight vectors are trained on the target's rows.

    :param epochs: passes over the source's rows, at most 4000 updates of 64 and a third of the seconds that are left.
    :param rate: Adam's largest learning rate. :param scale: of the cosines; the authors' code has 2 for up to 200
        classes and 10 for more. :param decay: weight decay of the new vectors.
    :param augment: of images, see :class:`~autotransfer_fewshot.lessons.Lessons`.
    :param width: as in :class:`~autotransfer_fewshot.episodic.EpisodicMethod`.
    """

    epochs: int = 20
    rate: float = 2e-3
    scale: float = SCALE
    decay: float = 1e-3
    augment: str = AUGMENTATIONS[0]
    width: int = 64

    name: ClassVar[str] = "baseline_plus_plus"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES, Modality.IMAGE})
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Chen, Liu, Kira, Wang and Huang, ICLR 2019, arXiv:1904.04232"
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    @classmethod
    def refuses(cls, source: Source) -> str | None:
        """Sources with the target's classes, or with too few of their own."""
        return why_refused(source)

    def learn(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """The classifier of the source's classes; its weight vectors are not kept."""
        if source is None:
            raise TypeError("this method needs a source")
        import torch
        from torch import nn
        from torch.nn import functional

        from autotransfer.nets.plan import Group
        from autotransfer.nets.predictor import arrays_of
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import Turn, train
        from autotransfer_fewshot.cosine_module import Cosines

        with reproducible(ctx.seed, ctx.device):
            ctx.check_time()
            form, X = form_and_rows(source.rows, ImageForm.size, ctx.device)
            y = np.unique(source.rows.labels, return_inverse=True)[1]
            spec = NetworkSpec(backbone_for(form, self.width, "batch"), outputs=1, heads=0)
            network = spec.build().to(ctx.device)
            head = Cosines(spec.backbone.width, int(y.max()) + 1, self.scale).to(ctx.device)

            def loss(batch: Batch) -> Tensor:
                rows, labels = batch.parts[0]
                return functional.cross_entropy(head(network(augmented(form, rows, self.augment)).z), labels)

            both = nn.ModuleList([network, head])
            plan = Plan(
                self.epochs, 64, self.rate, Cosine(0.0), most_steps=4000, seconds=TIME_SHARE * ctx.seconds_left()
            )
            sets = [(X, torch.from_numpy(y).to(ctx.device))]
            train(both, [Turn(loss, [Group(list(both.parameters()))])], sets, plan, ctx)
            return NetworkPredictor(form, spec, arrays_of(network))

    def adapt(self, learned: NetworkPredictor, task: Task, ctx: Context) -> ComparingPredictor:
        """New weight vectors."""
        Z = learned.represent(task.train)
        return ComparingPredictor(fitted_cosines(Z, task, self.scale, self.decay, ctx), learned)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width."""
        return cls(
            epochs=suggest.suggest_int("epochs", 5, 60, log=True),
            rate=suggest.suggest_float("rate", 5e-4, 5e-3, log=True),
            scale=suggest.suggest_float("scale", 2.0, 30.0, log=True),
            decay=suggest.suggest_float("decay", 1e-5, 1e-1, log=True),
            augment=suggest.suggest_categorical("augment", AUGMENTATIONS),
        )
