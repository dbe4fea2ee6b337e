"""A student that looks where its teacher looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.maps import maps_in
from autotransfer_distillation.method import Distillation, Term, View, common_settings

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class AttentionTransfer(Distillation):
    """Zagoruyko and Komodakis, Paying More Attention to Attention, ICLR 2017 (arXiv:1612.03928).

    The labels' cross-entropy plus ``weight / 2`` times the squared difference of the activation-based attention maps of
    the last convolutions.

    :param weight: beta, > 0; 1000 in the paper.
    """

    weight: float = 1000.0

    name: ClassVar[str] = "attention_transfer"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED | Asset.TRAINABLE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    reference: ClassVar[str] = "Zagoruyko and Komodakis, ICLR 2017, arXiv:1612.03928"
    wants_maps: ClassVar[bool] = True

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The maps' difference."""
        from autotransfer_distillation.losses.attention import attention_loss

        def difference(view: View) -> Tensor:
            return self.weight / 2 * attention_loss(maps_in(view.student), maps_in(view.lesson))

        return difference

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 10.0, 1e4, log=True))
