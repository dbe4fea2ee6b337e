"""A student that first learns the teacher's maps, then its answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.knowledge_distillation import answers
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.maps import maps_in
from autotransfer_distillation.method import Distillation, Term, View, common_settings, enough, learn
from autotransfer_distillation.pupil import later

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class HintTraining(Distillation):
    """Romero, Ballas, Kahou, Chassang, Gatta and Bengio, FitNets: Hints for Thin Deep Nets, ICLR 2015
    (arXiv:1412.6550).

    First the student's convolutions and a regressor learn the teacher's last maps, without labels; then the whole
    student learns labels and softened answers. As in the paper the two stages are apart; RepDistiller has them in one.

    :param hint_share: of the epochs, in which the maps are learned, in (0, 1). :param temperature: of the answers, > 0.
    :param share: of the answers in the second stage, in [0, 1].
    """

    hint_share: float = 0.3
    temperature: float = 4.0
    share: float = 0.8

    name: ClassVar[str] = "hint_training"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED | Asset.TRAINABLE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    reference: ClassVar[str] = "Romero et al., FitNets, ICLR 2015, arXiv:1412.6550"
    wants_maps: ClassVar[bool] = True

    def label_weight(self) -> float:
        """In the second stage."""
        return 1.0 - self.share

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The maps' distance, with a regressor that is trained along."""
        from autotransfer_distillation.losses.hints import Regressor, hint_loss

        regressor = pupil.add(Regressor(self.width, maps_in(lesson).shape[1]))

        def distance(view: View) -> Tensor:
            return hint_loss(regressor(maps_in(view.student)), maps_in(view.lesson))

        return distance

    def school(self, pupil: Trainee, lesson: Lesson) -> None:
        """Maps, then answers."""
        whole = enough(self.plan(), len(pupil.rows.T))
        hints = max(1, round(self.hint_share * whole.epochs))
        learn(pupil, lesson, self.term(pupil, lesson), 0.0, replace(whole, epochs=hints))
        rest = replace(whole, epochs=max(1, whole.epochs - hints))
        after = replace(pupil, ctx=later(pupil.ctx, hints))
        learn(after, lesson, answers(self.temperature, self.share), self.label_weight(), rest)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            hint_share=suggest.suggest_float("hint_share", 0.1, 0.6),
            temperature=suggest.suggest_float("temperature", 1.0, 16.0, log=True),
            share=suggest.suggest_float("share", 0.0, 1.0),
        )
