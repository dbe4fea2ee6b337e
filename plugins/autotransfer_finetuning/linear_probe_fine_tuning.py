"""The head first, then everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings


@final
@dataclass(frozen=True)
class LinearProbeFineTuning(TunedMethod):
    """Kumar, Raghunathan, Jones, Ma and Liang, "Fine-tuning can distort pretrained features and underperform
    out-of-distribution", ICLR 2022 (arXiv:2202.10054): a linear head is fitted on frozen features, then the whole
    network is trained from there, so that its features need not follow a random head. The head is penalised logistic
    (or ridge) regression, as in the authors' code.
    """

    rate: float = 3e-4

    name: ClassVar[str] = "linear_probe_fine_tuning"
    reference: ClassVar[str] = "Kumar et al., ICLR 2022, arXiv:2202.10054"
    head_rate: ClassVar[float] = 1.0

    def start(self, tuning: Tuning) -> None:
        """Fit the head."""
        from autotransfer.tuning.head import probe

        probe(tuning)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings."""
        return cls(**common_settings(suggest))
