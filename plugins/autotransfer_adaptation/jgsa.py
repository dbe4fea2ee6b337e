"""JGSA: two projections, close to each other, under which both domains look alike and classes keep apart."""

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
from autotransfer_adaptation.chain import Project
from autotransfer_adaptation.chain_predictor import ChainPredictor
from autotransfer_adaptation.discrepancy import class_coefficients, mean_coefficients, shares
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, train
from autotransfer_adaptation.kernel_features import kernel_chain
from autotransfer_adaptation.pseudo_labels import relabeled


@final
@dataclass(frozen=True)
class Jgsa(Method):
    """Zhang, Li and Ogunbona, Joint Geometrical and Statistical Alignment for Visual Domain Adaptation, CVPR 2017
    (arXiv:1705.05498), in its primal form.

    Projections A of the source and B of the target maximise mu * (spread of the target) + beta * (spread between the
    source's classes) over (differences of means, as in JDA) + alpha ||A - B||^2 + beta * (spread within the source's
    classes) + mu ||B||^2. Labels of target rows are the learner's, given anew in each round; the first come from a
    learner without projections. As in the authors' code, differences of means are divided by the Frobenius norm of
    the marginal part and projections of A and B together have length 1. New target rows take B.

    :param learner: trained on the projected rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param dims: columns of A and B, at least 1.
    :param alpha: > 0, closeness of A and B. :param beta: >= 0, weight of the source's classes.
    :param mu: > 0, weight of the target's spread. :param rounds: at least 1.
    :param unit_rows: whether rows are scaled to unit length first, as in the authors' code.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    dims: int = 30
    alpha: float = 1.0
    beta: float = 0.1
    mu: float = 1.0
    rounds: int = 5
    unit_rows: bool = True
    target_weight: float = 1.0

    name: ClassVar[str] = "geometrical_statistical_alignment"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Zhang, Li and Ogunbona, CVPR 2017, arXiv:1705.05498"
    predictor: ClassVar[type[ChainPredictor]] = ChainPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ChainPredictor:
        """Alternate between projections and labels. Without target rows the learner sees the source as it is."""
        domains = gather(task, source, self.scaling)
        chain = kernel_chain(domains.S, domains.T, "primal", 1.0, unit=self.unit_rows, ctx=ctx)
        S, T, n = chain(domains.S), chain(domains.T), domains.n_labeled
        weights = pooled_weights(np.ones(len(S)), n, self.target_weight)
        learner = train(self.learner, domains, S, T[:n], weights, ctx)
        if not domains.can_align:
            return ChainPredictor(domains.scaler, chain, learner)
        labels = relabeled(learner, T, domains)
        large, small = self._spreads(S, T, domains)
        for _ in range(self.rounds):
            A, B = self._projections(S, T, labels, domains, large, small)
            learner = train(self.learner, domains, S @ A, T[:n] @ B, weights, ctx)
            labels = relabeled(learner, T @ B, domains)
        there, here = chain.then(Project(A)), chain.then(Project(B))
        return ChainPredictor(domains.scaler, here, learner, source_chain=there)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            dims=suggest.suggest_int("dims", 2, 100, log=True),
            alpha=suggest.suggest_float("alpha", 0.1, 10.0, log=True),
            beta=suggest.suggest_float("beta", 1e-3, 1.0, log=True),
            mu=suggest.suggest_float("mu", 0.1, 10.0, log=True),
            rounds=suggest.suggest_int("rounds", 1, 10),
            unit_rows=suggest.suggest_categorical("unit_rows", (True, False)),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _spreads(self, S: Array, T: Array, domains: Domains) -> tuple[Array, Array]:
        """The parts (2d, 2d) that labels of the target do not change: of what is large, of what is small."""
        d = S.shape[1]
        hot = shares(domains.source_y, domains.n_classes)
        means = hot.T @ S
        between = (means - S.mean(axis=0)) * np.sqrt(np.bincount(domains.source_y, minlength=len(means)))[:, None]
        within = S - means[domains.source_y]
        centered = T - T.mean(axis=0)
        large, small = np.zeros((2, 2 * d, 2 * d))
        large[:d, :d] = self.beta * between.T @ between
        large[d:, d:] = self.mu * centered.T @ centered
        small[:d, :d] = self.beta * within.T @ within + self.alpha * np.eye(d)
        small[:d, d:] = small[d:, :d] = -self.alpha * np.eye(d)
        small[d:, d:] = (self.alpha + self.mu) * np.eye(d)
        small[np.diag_indices(2 * d)] += 1e-9
        return large, small

    def _projections(
        self, S: Array, T: Array, labels: Array, domains: Domains, large: Array, small: Array
    ) -> tuple[Array, Array]:
        import scipy.linalg

        m, d = S.shape
        e = np.sqrt(domains.n_classes) * mean_coefficients(m, len(T))
        L = np.column_stack([e, class_coefficients(domains.source_y, labels, domains.n_classes)]) / np.linalg.norm(e)
        means = np.concatenate([S.T @ L[:m], T.T @ L[m:]])
        first = 2 * d - min(self.dims, d)
        _, found = scipy.linalg.eigh(large, small + means @ means.T, subset_by_index=(first, 2 * d - 1))
        found = found[:, ::-1] / np.linalg.norm(found, axis=0)[::-1]
        return found[:d], found[d:]
