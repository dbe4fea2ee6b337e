"""Components and target labels in turn: the loop of the methods that align classes by pseudo-labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import AnyLearner
from autotransfer.task import Context
from autotransfer_adaptation.chain import Project, UnitRows
from autotransfer_adaptation.chain_predictor import ChainPredictor
from autotransfer_adaptation.components import smallest_components, whitening
from autotransfer_adaptation.domains import Domains, pooled_weights, train
from autotransfer_adaptation.kernel_features import kernel_chain
from autotransfer_adaptation.pseudo_labels import known_labels, relabeled

Discrepancy: TypeAlias = Callable[[Array, Array], Array]
"""Features (m + n, r) and labels of the target rows (n,) to the matrix (r, r) that components are to make small."""


@dataclass(frozen=True)
class Rounds:
    """The settings that these methods share; see :class:`~autotransfer_adaptation.jda.Jda`."""

    learner: AnyLearner
    kernel: str
    bandwidth: float
    dims: int
    penalty: float
    target_weight: float

    def run(
        self, domains: Domains, discrepancy: Discrepancy, rounds: int, *, unit: bool, ctx: Context
    ) -> ChainPredictor:
        """The model after ``rounds``; one is enough where there is nothing to align with."""
        chain = kernel_chain(domains.S, domains.T, self.kernel, self.bandwidth, unit=unit, ctx=ctx)
        X, m = np.concatenate([domains.S, domains.T]), len(domains.S)
        F = chain(X)
        ctx.check_time()
        W, labels = whitening(F), known_labels(domains)
        weights = pooled_weights(np.ones(m), domains.n_labeled, self.target_weight)
        after = [UnitRows()] if unit else []
        for _ in range(rounds if domains.can_align else 1):
            D = discrepancy(F, labels) if domains.can_align else np.zeros((F.shape[1], F.shape[1]))
            A = smallest_components(W, D, self.penalty, self.dims)
            Z = F @ A
            for step in after:
                Z = step(Z)
            learner = train(self.learner, domains, Z[:m], Z[m : m + domains.n_labeled], weights, ctx)
            labels = relabeled(learner, Z[m:], domains)
        return ChainPredictor(domains.scaler, chain.then(Project(A), *after), learner)
