"""Batch normalisation with the target's statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import common_settings
from autotransfer_adaptation.deep.statistics import take_statistics
from autotransfer_adaptation.testtime.method import TestTimeMethod


@final
@dataclass(frozen=True)
class BatchNormStatistics(TestTimeMethod):
    """Schneider, Rusak, Eck, Bringmann, Brendel and Bethge, Improving Robustness Against Common Corruptions by
    Covariate Shift Adaptation, NeurIPS 2020 (arXiv:2006.16971); without the prior also Nado et al., arXiv:2006.10963.

    The means and variances of the batch normalisations become those of target rows, mixed with the source's as if
    these stood for N rows.

    :param prior_rows: N >= 0; 16 is the paper's choice.
    """

    prior_rows: float = 16.0

    name: ClassVar[str] = "batch_norm_statistics"
    reference: ClassVar[str] = "Schneider et al., NeurIPS 2020, arXiv:2006.16971"

    def adjust(self, trainee: Trainee) -> None:
        """Take the target's statistics."""
        take_statistics(trainee.network, trainee.rows.T, self.prior_rows)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), prior_rows=suggest.suggest_float("prior_rows", 0.0, 256.0))
