"""MEDA: a kernel classifier on manifold features that weighs marginal against class-wise alignment by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import LearnerPredictor, Linear, Neighbors
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.chain import Chain, Gaussian, Project, UnitRows
from autotransfer_adaptation.discrepancy import class_coefficients, mean_coefficients, normalized
from autotransfer_adaptation.domains import Domains, gather, thinned
from autotransfer_adaptation.gfk import flow_root
from autotransfer_adaptation.graph import laplacian
from autotransfer_adaptation.kernel_machine import KernelMachine
from autotransfer_adaptation.pseudo_labels import relabeled


@final
@dataclass(frozen=True)
class Meda(Method):
    """Wang, Feng, Chen, Yu, Huang and Yu, Visual Domain Adaptation with Manifold Embedded Distribution Alignment, ACM
    Multimedia 2018 (arXiv:1807.07258).

    On features of the geodesic flow kernel, scaled to unit length, one-hot scores F = K beta minimise
    ||Y - F||^2 on labelled rows + shrinkage * ||f||^2 + alignment * tr F^T M F + smoothness * tr F^T L F, L the
    Laplacian of the nearest neighbours' graph and M = (1 - mu) M_0 + mu sum_c M_c as in JDA. mu is the share of the
    classes' mean A-distance in all of it, estimated anew in each round, as labels of target rows are. Labelled target
    rows are in the squared loss beside the source's.

    As in the authors' code, the kernel is exp(-||x - y||^2 / 2) and M has Frobenius norm 1; A-distances are those of
    linear classifiers on the rows that they were trained on (logistic regression here, an SVM there). Probabilities of
    new rows are the scores without their negative part, scaled to 1; scores come from the kernel with the training
    rows. More than ``most_rows`` of a domain are thinned out to that many: time grows with the cube of their number.

    :param scaling: see ``autotransfer.scaling``. :param dims: of the subspaces, at least 1.
    :param shrinkage: eta of the paper, > 0. :param alignment: lambda, >= 0. :param smoothness: rho, >= 0.
    :param neighbors: of the graph, at least 1. :param rounds: at least 1.
    :param target_weight: weight of a labelled target row in the squared loss, > 0; a source row has 1.
    :param most_rows: of each domain, at least 2.

    The predictor's diagnostics hold the last mu.
    """

    scaling: str = "joint"
    dims: int = 20
    shrinkage: float = 0.1
    alignment: float = 10.0
    smoothness: float = 1.0
    neighbors: int = 10
    rounds: int = 5
    target_weight: float = 1.0
    most_rows: int = 800

    name: ClassVar[str] = "manifold_embedded_alignment"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Wang et al., ACM Multimedia 2018, arXiv:1807.07258"
    predictor: ClassVar[type[KernelMachine]] = KernelMachine

    def fit(self, task: Task, source: Source | None, ctx: Context) -> KernelMachine:
        """Alternate between scores and labels. Without target rows there is one round of plain kernel least squares."""
        domains = thinned(gather(task, source, self.scaling), self.most_rows, ctx)
        chain = Chain((Project(flow_root(domains, self.dims, ctx)), UnitRows()))
        X, m = chain(np.concatenate([domains.S, domains.T])), len(domains.S)
        machine = KernelMachine(domains.scaler, chain, Gaussian(X, 0.5), np.zeros((len(X), domains.n_classes)))
        ctx.check_time()
        K = machine.kernel(X)
        Y, known = self._answers(domains)
        smooth = self.smoothness * laplacian(X, self.neighbors)
        labels = relabeled(_nearest(X[: m + domains.n_labeled], domains), X[m:], domains)
        mu = 0.5
        for _ in range(self.rounds if domains.can_align else 1):
            penalty = smooth
            if domains.can_align:
                mu = class_share(X[:m], X[m:], domains, labels, ctx)
                penalty = smooth + self.alignment * _alignment(domains, labels, mu)
            ctx.check_time()
            system = (np.diag(known) + penalty) @ K
            system[np.diag_indices(len(K))] += self.shrinkage
            scores = np.linalg.solve(system, known[:, None] * Y)
            labels = np.concatenate([domains.target_y, (K[m + domains.n_labeled :] @ scores).argmax(axis=1)])
        return replace(machine, coefficients=scores, diagnostics={"class_share": mu})

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the number of rows."""
        return cls(
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            dims=suggest.suggest_int("dims", 2, 100, log=True),
            shrinkage=suggest.suggest_float("shrinkage", 1e-3, 10.0, log=True),
            alignment=suggest.suggest_float("alignment", 0.1, 100.0, log=True),
            smoothness=suggest.suggest_float("smoothness", 0.01, 10.0, log=True),
            neighbors=suggest.suggest_int("neighbors", 3, 20, log=True),
            rounds=suggest.suggest_int("rounds", 1, 10),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _answers(self, domains: Domains) -> tuple[Array, Array]:
        """One-hot labels (m + n, c) and the weight of each row in the squared loss, 0 where there is no label."""
        rest = len(domains.T) - domains.n_labeled
        y = np.concatenate([domains.source_y, domains.target_y, np.full(rest, -1)])
        weights = np.repeat([1.0, self.target_weight, 0.0], [len(domains.S), domains.n_labeled, rest])
        return np.asarray(y[:, None] == np.arange(domains.n_classes), dtype=np.float64), weights


def class_share(S: Array, T: Array, domains: Domains, labels: Array, ctx: Context) -> float:
    """mu: the classes' mean A-distance over its sum with that of all rows, in [0, 1]."""
    classes = [a_distance(S[domains.source_y == label], T[labels == label], ctx) for label in range(domains.n_classes)]
    inside, overall = float(np.mean(classes)), a_distance(S, T, ctx)
    return float(np.clip(inside / (inside + overall), 0.0, 1.0)) if inside + overall > 0 else 0.5


def a_distance(S: Array, T: Array, ctx: Context) -> float:
    """2 (1 - 2 e), e the error of a linear classifier on the rows that it was trained on; 0 where one side is empty."""
    if min(len(S), len(T)) == 0:
        return 0.0
    ctx.check_time()
    X, y = np.concatenate([S, T]), np.repeat([0, 1], [len(S), len(T)])
    found = Linear(l2=1.0).fit(X, y, n_classes=2, seed=ctx.seed).predict_features(X).argmax(axis=1)
    return max(0.0, 2.0 * (1.0 - 2.0 * float(np.mean(found != y))))


def _nearest(X: Array, domains: Domains) -> LearnerPredictor:
    y = np.concatenate([domains.source_y, domains.target_y])
    return Neighbors(k=1).fit(X, y, n_classes=domains.n_classes)


def _alignment(domains: Domains, labels: Array, mu: float) -> Array:
    """M (m + n, m + n) of Frobenius norm 1."""
    e = np.sqrt(domains.n_classes * (1.0 - mu)) * mean_coefficients(len(domains.S), len(domains.T))
    classes = np.sqrt(mu) * class_coefficients(domains.source_y, labels, domains.n_classes)
    L = normalized(np.column_stack([e, classes]))
    return np.asarray(L @ L.T)
