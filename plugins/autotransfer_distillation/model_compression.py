"""A student that learns the answers of a model that can only be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Modality, concatenate
from autotransfer.errors import TrainingError
from autotransfer.method import Method, Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.rows import target_rows
from autotransfer.nets.trainee import Trainee
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.method import Term, View, enough, learn, student_plan
from autotransfer_distillation.pupil import backbone_of, enlist, target_in_tensors

if TYPE_CHECKING:
    from torch import Tensor

_FLOOR = 1e-6


@final
@dataclass(frozen=True)
class ModelCompression(Method):
    """Bucilă, Caruana and Niculescu-Mizil, Model Compression, KDD 2006 (doi:10.1145/1150402.1150464).

    The teacher is a model of an earlier run, or a pretrained one with its own head, whatever it is made of: trees, an
    average, a network. It answers for all target rows, those without labels above all, and a small network learns the
    answers. As in Ba and Caruana (NIPS 2014, arXiv:1312.6184) the logarithms of its
    probabilities, less their mean, are regressed on. A teacher that does not know all of the target's classes still
    says what it sees: its answers for classes of its own are learned by another linear layer, which is not kept.

    :param width: columns of the student's representation.
    :param epochs: passes over all target rows, at least 45 and at most 1500 steps.
    :param rate: Adam's learning rate, after a warm-up, before it falls to 0.
    :param label_share: weight of the labels' cross-entropy against the answers', in [0, 1].
    """

    width: int = 32
    epochs: int = 15
    rate: float = 3e-3
    label_share: float = 0.2

    name: ClassVar[str] = "model_compression"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_HEAD
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE, Modality.TEXT, Modality.TABLE})
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Bucilă, Caruana and Niculescu-Mizil, KDD 2006, doi:10.1145/1150402.1150464"
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    trades: ClassVar[bool] = True
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Ask, then learn; with validation rows the best epoch is kept."""
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            scores, shared = head_answers(task, source)
            ctx.check_time()
            rows = target_in_tensors(task, ctx.device)
            pupil = enlist(rows, backbone_of(rows, self.width), ctx)
            plan = enough(student_plan(self.epochs, self.rate), len(rows.T))
            learn(pupil, _lesson(scores, ctx), self._term(pupil, scores.shape[1], shared), self.label_share, plan)
            return pupil.predictor()

    def _term(self, pupil: Trainee, answers: int, shared: bool) -> Term:
        """Mean squared difference of scores, each row's mean taken off."""
        from torch import nn

        other = None if shared else pupil.add(nn.Linear(self.width, answers))

        def difference(view: View) -> Tensor:
            ours = view.student.scores if other is None else other(view.student.z)
            theirs = view.lesson.scores
            gap = (ours - ours.mean(dim=1, keepdim=True)) - (theirs - theirs.mean(dim=1, keepdim=True))
            return (1.0 - self.label_share) * gap.square().mean()

        return difference

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            width=suggest.suggest_int("width", 16, 96, log=True),
            epochs=suggest.suggest_int("epochs", 5, 30, log=True),
            rate=suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
            label_share=suggest.suggest_float("label_share", 0.0, 1.0),
        )


def head_answers(task: Task, source: Source | None) -> tuple[Array, bool]:
    """Log-probabilities (n, k) of all target rows, and whether the columns are the target's classes.

    Raises ``TrainingError`` where the source's model predicts values.
    """
    if source is None or source.head is None:
        raise TypeError("this method needs a source with a head")
    if source.classes is None or task.classes is None:
        raise TrainingError(f"{source.name}: its model predicts values; name one that predicts classes")
    labeled, others = target_rows(task)
    rows = concatenate("rows", [part.without_labels() for part in (labeled, *others)])
    p = np.asarray(source.head.predict(rows))
    shared = set(task.classes) <= set(source.classes)
    if shared:
        p = p[:, [source.classes.index(name) for name in task.classes]]
    return np.log(np.maximum(p, _FLOOR)).astype(np.float32), shared


def _lesson(scores: Array, ctx: Context) -> Lesson:
    import torch

    answers = torch.from_numpy(scores).to(ctx.device)
    return Lesson(answers, answers)
