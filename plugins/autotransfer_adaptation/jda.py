"""JDA: components in which the means of source and target coincide, over all rows and within each class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.chain_predictor import ChainPredictor
from autotransfer_adaptation.discrepancy import class_coefficients, mean_coefficients, normalized, scatter_of
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.kernel_features import KERNELS
from autotransfer_adaptation.rounds import Rounds


@final
@dataclass(frozen=True)
class Jda(Method):
    """Long, Wang, Ding, Sun and Yu, Transfer Feature Learning with Joint Distribution Adaptation, ICCV 2013
    (https://doi.org/10.1109/ICCV.2013.274).

    TCA's problem with L = L_0 + sum_c L_c, where L_c compares the means of the class c. Target rows without a label
    get the learner's, and components and learner are found anew, ``rounds`` times; the first round knows L_0 and the
    labelled target rows alone. As in the authors' code, L_0 counts once for each class, L has Frobenius norm 1 and
    components have length 1; unlike there, a class that one domain lacks takes no part. New target rows take the same
    linear map of their kernel values. Gaussian kernels of more than 500 rows are spanned by 500 of them.

    :param learner: trained on the components of both domains. :param scaling: see ``autotransfer.scaling``.
    :param kernel: ``linear``, ``gaussian``, or ``primal``: the columns themselves, A penalised directly.
    :param bandwidth: > 0, of the Gaussian kernel, as a multiple of the median squared distance.
    :param dims: components, at least 1. :param penalty: lambda of the paper, > 0. :param rounds: at least 1.
    :param unit_rows: whether rows are scaled to unit length before and after, as in the authors' code.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    kernel: str = "linear"
    bandwidth: float = 1.0
    dims: int = 20
    penalty: float = 1.0
    rounds: int = 5
    unit_rows: bool = True
    target_weight: float = 1.0

    name: ClassVar[str] = "joint_distribution_adaptation"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Long et al., ICCV 2013, doi:10.1109/ICCV.2013.274"
    predictor: ClassVar[type[ChainPredictor]] = ChainPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ChainPredictor:
        """Alternate between components and labels. Without target rows the source's principal components serve."""
        domains = gather(task, source, self.scaling)
        rounds = Rounds(self.learner, self.kernel, self.bandwidth, self.dims, self.penalty, self.target_weight)

        def discrepancy(F: Array, labels: Array) -> Array:
            e = mean_coefficients(len(domains.S), len(domains.T))
            classes = class_coefficients(domains.source_y, labels, domains.n_classes)
            return scatter_of(F, normalized(np.column_stack([np.sqrt(domains.n_classes) * e, classes])))

        return rounds.run(domains, discrepancy, self.rounds, unit=self.unit_rows, ctx=ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            kernel=suggest.suggest_categorical("kernel", KERNELS),
            bandwidth=suggest.suggest_float("bandwidth", 0.1, 10.0, log=True),
            dims=suggest.suggest_int("dims", 2, 100, log=True),
            penalty=suggest.suggest_float("penalty", 1e-3, 1e3, log=True),
            rounds=suggest.suggest_int("rounds", 1, 10),
            unit_rows=suggest.suggest_categorical("unit_rows", (True, False)),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )
