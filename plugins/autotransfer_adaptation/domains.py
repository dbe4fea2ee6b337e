"""The rows of a problem as the methods of this family see them, and the last step that they share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import AnyLearner, LearnerPredictor
from autotransfer.scaling import DomainScaler
from autotransfer.task import Context, Source, Task


@dataclass(frozen=True, eq=False)
class Domains:
    """Scaled rows, float64.

    :param S: source rows (m, d), ``source_y`` (m,).
    :param T: all target rows (n, d): the labelled ones first, ``target_y`` are their labels, then those without.
    :param scaler: what target rows were scaled with.
    """

    S: Array
    source_y: Array
    T: Array
    target_y: Array
    scaler: DomainScaler
    n_classes: int

    @property
    def n_labeled(self) -> int:
        """Labelled target rows; they come first in ``T``."""
        return len(self.target_y)

    @property
    def can_align(self) -> bool:
        """Whether there are rows enough on both sides to have a distribution at all."""
        return min(len(self.S), len(self.T)) >= 2


def gather(task: Task, source: Source | None, scaling: str) -> Domains:
    """Rows of source and target, scaled as :class:`DomainScaler` does in the mode ``scaling``."""
    if source is None:
        raise TypeError("this method needs a source with labelled rows")
    S = np.asarray(source.rows.X, dtype=np.float64)
    labeled = task.train if task.train.y is not None else task.train.take(np.arange(0))
    parts = [labeled.X, task.train.X[len(labeled) :]] + ([] if task.unlabeled is None else [task.unlabeled.X])
    T = np.concatenate([np.asarray(part, dtype=np.float64).reshape(-1, S.shape[1]) for part in parts])
    S, T, scaler = DomainScaler.fit(S, T, scaling, source.rows.domain)
    target_y = source.rows.labels[:0] if labeled.y is None else labeled.y
    return Domains(S, source.rows.labels, T, target_y, scaler, task.n_classes)


def thinned(domains: Domains, most: int, ctx: Context) -> Domains:
    """At most so many rows of each domain, drawn at random; labelled target rows stay as far as possible."""
    rng = ctx.rng()
    there = np.sort(rng.permutation(len(domains.S))[:most])
    rest = domains.n_labeled + rng.permutation(len(domains.T) - domains.n_labeled)
    n = min(domains.n_labeled, most)
    labeled = np.sort(rng.permutation(domains.n_labeled)[:n])
    here = np.concatenate([labeled, np.sort(rest[: most - n])])
    return replace(
        domains,
        S=domains.S[there],
        source_y=domains.source_y[there],
        T=domains.T[here],
        target_y=domains.target_y[labeled],
    )


def train(learner: AnyLearner, domains: Domains, S: Array, T: Array, weights: Array, ctx: Context) -> LearnerPredictor:
    """Fit the learner on aligned source rows S and aligned labelled target rows T (one after the other).

    :param weights: (len(S) + len(T),); scaled to mean 1.
    """
    ctx.check_time()
    X, y = np.concatenate([S, T]), np.concatenate([domains.source_y, domains.target_y])
    return learner.fit(X, y, n_classes=domains.n_classes, weights=weights / weights.mean(), seed=ctx.seed)


def pooled_weights(source_weights: Array, n_target: int, target_weight: float) -> Array:
    """Weights of source rows and of ``n_target`` target rows with ``target_weight`` times the source's total."""
    each = target_weight * source_weights.sum() / max(n_target, 1)
    return np.concatenate([source_weights, np.full(n_target, each)])
