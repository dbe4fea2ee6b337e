"""What methods have in common that estimate the target's class shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS


@dataclass(frozen=True)
class LabelShiftMethod(Method):
    """Settings, and how they are searched.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param clip: > 1, bounds the ratios of class shares as the method says.
    :param significance: in [0, 1), the method stands back below this p-value of label shift; 0: never.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    clip: float = 20.0
    significance: float = 0.01
    target_weight: float = 1.0

    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            clip=suggest.suggest_float("clip", 2.0, 100.0, log=True),
            significance=suggest.suggest_float("significance", 0.0, 0.1),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )
