"""TCA: components in which the means of source and target coincide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.chain import Project, UnitRows
from autotransfer_adaptation.chain_predictor import ChainPredictor
from autotransfer_adaptation.components import smallest_components, whitening
from autotransfer_adaptation.discrepancy import mean_coefficients, normalized, scatter_of
from autotransfer_adaptation.domains import gather, pooled_weights, train
from autotransfer_adaptation.kernel_features import KERNELS, kernel_chain


@final
@dataclass(frozen=True)
class Tca(Method):
    """Pan, Tsang, Kwok and Yang, Domain Adaptation via Transfer Component Analysis, IEEE Transactions on Neural
    Networks 2011 (https://doi.org/10.1109/TNN.2010.2091281), the unsupervised form.

    Components A minimise tr A^T (K L K + penalty I) A for a fixed tr A^T K H K A, where L compares the means of source
    and target and H centres; both domains become K A. As in the code of Long et al. (ICCV 2013), L has Frobenius norm
    1 and the components length 1. New target rows take the same linear map of their kernel values. Kernels of more
    than 500 rows, except linear ones, are spanned by 500 of them.

    :param learner: trained on the components of both domains. :param scaling: see ``autotransfer.scaling``.
    :param kernel: ``linear``, ``gaussian``, or ``primal``: the columns themselves, A penalised directly.
    :param bandwidth: > 0, of the Gaussian kernel, as a multiple of the median squared distance.
    :param dims: components, at least 1; fewer for a smaller rank. :param penalty: mu of the paper, > 0.
    :param unit_rows: whether rows are scaled to unit length before and after.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    kernel: str = "linear"
    bandwidth: float = 1.0
    dims: int = 20
    penalty: float = 1.0
    unit_rows: bool = False
    target_weight: float = 1.0

    name: ClassVar[str] = "transfer_component_analysis"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Pan et al., IEEE Trans. Neural Networks 2011, doi:10.1109/TNN.2010.2091281"
    predictor: ClassVar[type[ChainPredictor]] = ChainPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ChainPredictor:
        """Find the components, then train on both domains. Without target rows they are the source's principal ones."""
        domains = gather(task, source, self.scaling)
        chain = kernel_chain(domains.S, domains.T, self.kernel, self.bandwidth, unit=self.unit_rows, ctx=ctx)
        ctx.check_time()
        F, m = chain(np.concatenate([domains.S, domains.T])), len(domains.S)
        L = mean_coefficients(m, len(domains.T))[:, None] if domains.can_align else np.zeros((len(F), 1))
        A = smallest_components(whitening(F), scatter_of(F, normalized(L)), self.penalty, self.dims)
        chain = chain.then(Project(A), *([UnitRows()] if self.unit_rows else []))
        Z = chain(np.concatenate([domains.S, domains.T]))
        weights = pooled_weights(np.ones(m), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, Z[:m], Z[m : m + domains.n_labeled], weights, ctx)
        return ChainPredictor(domains.scaler, chain, learner)

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
            unit_rows=suggest.suggest_categorical("unit_rows", (False, True)),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )
