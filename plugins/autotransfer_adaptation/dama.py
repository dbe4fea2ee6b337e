"""DAMA: a source in other columns and the target, both mapped to where equal classes lie together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import DomainScaler
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.distances import median_squared_distance, squared_distances
from autotransfer_adaptation.domains import pooled_weights
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.principal import principal_directions

_WIDEST = 128
"""Principal directions of each domain that are mapped from, at most."""
_GRAPH_ROWS = 1000
"""Rows of each domain that its neighbours' graph joins, at most."""


@final
@dataclass(frozen=True)
class Dama(Method):
    """Wang and Mahadevan, Heterogeneous Domain Adaptation Using Manifold Alignment, IJCAI 2011
    (https://www.ijcai.org/Proceedings/11/Papers/259.pdf).

    Source and target may differ in width. Linear maps of both make sum (f_i - f_j)^2 small over pairs of labelled rows
    of one class, whichever their domains, and ``topology`` times the same over neighbours within each domain (weights
    exp(-d^2 / median)), for a fixed sum over pairs of different classes: Z (topology L + L_s) Z^T f = lambda Z L_d Z^T
    f, smallest lambda first. Labels of a few target rows are what ties the two together; rows without a label shape the
    graph. A learner is then trained on the mapped source and labelled target rows, and new target rows take the
    target's map. Lengths are such that mapped rows have standard deviation 1 in each column.

    Columns of each domain are standardised, more than 128 of them first projected on principal directions. The graph
    joins up to 1000 rows of each domain, drawn at random.

    :param learner: trained on the mapped rows of both domains.
    :param dims: of the common space, at least 1. :param topology: mu of the paper, >= 0.
    :param neighbors: of the graph, at least 1.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    dims: int = 5
    topology: float = 1.0
    neighbors: int = 10
    target_weight: float = 1.0

    name: ClassVar[str] = "manifold_alignment"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.OTHER_COLUMNS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Wang and Mahadevan, IJCAI 2011, www.ijcai.org/Proceedings/11/Papers/259.pdf"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Find both maps, then train on both domains in the common space."""
        if source is None:
            raise TypeError("this method needs a source with labelled rows")
        labeled = np.asarray(task.train.X, np.float64)
        more = [] if task.unlabeled is None else [np.asarray(task.unlabeled.X, np.float64)]
        there, here = (
            Standard.of(np.asarray(source.rows.X, np.float64), ctx),
            Standard.of(np.concatenate([labeled, *more]), ctx),
        )
        y = source.rows.labels, task.train.labels
        rows = there.rows, here.rows[: len(labeled)]
        ctx.check_time()
        graphs = [self._graph(part.rows, ctx) for part in (there, here)]
        A, B = alignment(rows, y, graphs, self.topology, self.dims)
        weights = pooled_weights(np.ones(len(rows[0])), len(labeled), self.target_weight)
        ctx.check_time()
        Z = np.concatenate([rows[0] @ A, rows[1] @ B])
        learner = self.learner.fit(
            Z, np.concatenate(y), n_classes=task.n_classes, weights=weights / weights.mean(), seed=ctx.seed
        )
        way, mean = there.matrix @ A, there.mean
        return AdaptedPredictor(
            DomainScaler(None, None), here.mean, here.matrix @ B, learner, source_way=lambda X: (X - mean) @ way
        )

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            dims=suggest.suggest_int("dims", 2, 50, log=True),
            topology=suggest.suggest_float("topology", 1e-3, 1e3, log=True),
            neighbors=suggest.suggest_int("neighbors", 3, 20, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _graph(self, rows: Array, ctx: Context) -> Array:
        """X^T L X (d, d) of the graph's Laplacian L = D - W over the rows X."""
        X = rows[ctx.rng().permutation(len(rows))[:_GRAPH_ROWS]]
        k = min(self.neighbors, len(X) - 1)
        if k < 1:
            return np.zeros((X.shape[1], X.shape[1]))
        squares = squared_distances(X, X)
        near = np.argpartition(squares, k, axis=1)[:, : k + 1]
        W = np.zeros_like(squares)
        np.put_along_axis(W, near, np.exp(-np.take_along_axis(squares, near, 1) / median_squared_distance(X)), axis=1)
        W = np.maximum(W, W.T)
        return np.asarray(X.T @ (W.sum(axis=1)[:, None] * X) - X.T @ W @ X)


@dataclass(frozen=True, eq=False)
class Standard:
    """Rows (n, k) standardised: ``(x - mean) @ matrix``."""

    rows: Array
    mean: Array
    matrix: Array

    @classmethod
    def of(cls, X: Array, ctx: Context) -> Standard:
        """Columns that do not vary become zero."""
        spread = X.std(axis=0)
        matrix = np.diag(np.where(spread > 0, 1.0 / np.where(spread > 0, spread, 1.0), 0.0))
        mean = X.mean(axis=0)
        if X.shape[1] > _WIDEST:
            matrix = matrix @ principal_directions((X - mean) @ matrix, _WIDEST, ctx.seed)
        return cls((X - mean) @ matrix, mean, matrix)


def alignment(
    rows: tuple[Array, Array], y: tuple[Array, Array], graphs: list[Array], topology: float, dims: int
) -> tuple[Array, Array]:
    """Maps (d_S, k) and (d_T, k); mapped rows have standard deviation 1 in each column.

    :param rows: labelled source rows (m, d_S) and target rows (n, d_T). :param y: their classes.
    :param graphs: X^T L X of each domain.

    All pairs of labelled rows enter by class sums alone: with one-hot labels Y, W_s = Y Y^T and W_d = 1 - Y Y^T.
    """
    import scipy.linalg

    Z = scipy.linalg.block_diag(*rows)
    hot = np.asarray(np.concatenate(y)[:, None] == np.unique(np.concatenate(y)), dtype=np.float64)
    equal = hot @ hot.sum(axis=0)  # rows of the same class, for each row
    sums = Z.T @ hot
    together = Z.T @ (equal[:, None] * Z) - sums @ sums.T
    total = Z.sum(axis=0)
    everything = len(Z) * Z.T @ Z - np.outer(total, total)
    small = together + topology * scipy.linalg.block_diag(*graphs)
    # Directions in which nothing is known of classes must not count as free.
    ridge = 1e-6 * (np.trace(everything) / len(everything) or 1.0) * np.eye(len(everything))
    k = min(dims, len(everything))
    _, found = scipy.linalg.eigh(small + ridge, everything - together + ridge, subset_by_index=(0, k - 1))
    # The eigensolver's lengths shrink with the number of pairs; learners want columns of ordinary size.
    found = found / np.maximum((Z @ found).std(axis=0), 1e-12)
    return found[: rows[0].shape[1]], found[rows[0].shape[1] :]
