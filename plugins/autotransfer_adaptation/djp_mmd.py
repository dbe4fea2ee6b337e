"""DJP-MMD: components in which joint distributions coincide class by class and different classes keep apart."""

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
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.kernel_features import KERNELS
from autotransfer_adaptation.rounds import Rounds


@final
@dataclass(frozen=True)
class DjpMmd(Method):
    """Zhang and Wu, Discriminative Joint Probability Maximum Mean Discrepancy (DJP-MMD) for Domain Adaptation, IJCNN
    2020 (arXiv:1912.00320).

    Class-conditional MMD without a marginal part: with g_c = P(c) E[f(x) | c] of each domain, components make
    sum_c ||g_c^S - g_c^T||^2 - discrimination * sum_{c != k} ||g_c^S - g_k^T||^2 small; both sums are scaled to
    Frobenius norm 1, as in the authors' code. (JDA, in contrast, adds the difference of the overall means and weighs
    all classes the same.) Target rows without a label get the learner's in each round; in the first they have none.
    New target rows take the same linear map of their kernel values. Gaussian kernels of more than 500 rows are spanned
    by 500 of them.

    :param learner: trained on the components of both domains. :param scaling: see ``autotransfer.scaling``.
    :param kernel: ``linear``, ``gaussian``, or ``primal``: the columns themselves, A penalised directly.
    :param bandwidth: > 0, of the Gaussian kernel, as a multiple of the median squared distance.
    :param dims: components, at least 1. :param penalty: lambda of the paper, > 0. :param rounds: at least 1.
    :param discrimination: mu of the paper, >= 0.
    :param unit_rows: whether rows are scaled to unit length before and after, as in the authors' code.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    kernel: str = "linear"
    bandwidth: float = 1.0
    dims: int = 20
    penalty: float = 1.0
    discrimination: float = 0.1
    rounds: int = 5
    unit_rows: bool = True
    target_weight: float = 1.0

    name: ClassVar[str] = "joint_probability_mmd"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Zhang and Wu, IJCNN 2020, arXiv:1912.00320"
    predictor: ClassVar[type[ChainPredictor]] = ChainPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ChainPredictor:
        """Alternate between components and labels. Without target rows the source's principal components serve."""
        domains = gather(task, source, self.scaling)
        rounds = Rounds(self.learner, self.kernel, self.bandwidth, self.dims, self.penalty, self.target_weight)
        there = joint_coefficients(domains.source_y, domains.n_classes)

        def discrepancy(F: Array, labels: Array) -> Array:
            here = joint_coefficients(labels, domains.n_classes)
            same, other = joint_discrepancies(F, there, here)
            return same - self.discrimination * other

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
            penalty=suggest.suggest_float("penalty", 1e-2, 1e3, log=True),
            discrimination=suggest.suggest_float("discrimination", 0.0, 0.3),
            rounds=suggest.suggest_int("rounds", 1, 10),
            unit_rows=suggest.suggest_categorical("unit_rows", (True, False)),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )


def joint_coefficients(y: Array, n_classes: int) -> Array:
    """N (n, n_classes): 1 / n where a row has the class, so that F^T N are the vectors g_c; zero for unknown labels."""
    return np.asarray((np.asarray(y)[:, None] == np.arange(n_classes)) / max(len(y), 1), dtype=np.float64)


def joint_discrepancies(F: Array, there: Array, here: Array) -> tuple[Array, Array]:
    """F^T R F for the matrices R of equal and of different classes, each R scaled to Frobenius norm 1.

    :param F: (m + n, r). :param there: N of the source (m, c). :param here: N of the target (n, c).
    """
    m, others = len(there), there.shape[1] - 1
    G, H = F[:m].T @ there, F[m:].T @ here
    same = (G - H) @ (G - H).T
    g, h = G.sum(axis=1, keepdims=True), H.sum(axis=1, keepdims=True)
    cross = g @ h.T - G @ H.T
    other = others * (G @ G.T + H @ H.T) - cross - cross.T
    P, Q = there.T @ there, here.T @ here  # diagonal: n_c / n^2
    p, q = np.diag(P), np.diag(Q)
    within = (p**2).sum() + (q**2).sum()
    norms = within + 2.0 * (p * q).sum(), others**2 * within + 2.0 * (p.sum() * q.sum() - (p * q).sum())
    return tuple(part / np.sqrt(norm) if norm > 0 else part for part, norm in zip((same, other), norms, strict=True))
