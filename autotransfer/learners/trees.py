"""Gradient-boosted trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, final

import numpy as np

from autotransfer.learners.binning import Bins
from autotransfer.learners.learner import Learner
from autotransfer.learners.rows import Rows
from autotransfer.learners.trees_predictor import TreesPredictor
from autotransfer.method import Suggest

_WIDE = 2_000_000
"""Entries from which on threads pay."""


@final
@dataclass(frozen=True)
class Trees(Learner):
    """Histogram gradient boosting: Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
    Statistics 2001, https://doi.org/10.1214/aos/1013203451; Ke et al., "LightGBM", NeurIPS 2017.

    :param iterations: boosting rounds, >= 1.
    :param learning_rate: in (0, 1].
    :param max_leaves: of a tree, >= 2.
    :param min_leaf: rows in a leaf as a share of all rows; never below 2 rows nor above 20.
    :param leaf_l2: penalty of the leaf values, >= 0.
    """

    kind: ClassVar[str] = "trees"

    iterations: int = 80
    learning_rate: float = 0.1
    max_leaves: int = 15
    min_leaf: float = 0.05
    leaf_l2: float = 1.0

    def train(self, rows: Rows, seed: int) -> TreesPredictor:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        boosting = HistGradientBoostingClassifier if rows.n_classes else HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits

        n = len(rows.y)
        bins = Bins.fit(rows.X, _bins(*rows.X.shape))
        model = boosting(
            max_iter=self.iterations,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaves,
            min_samples_leaf=int(np.clip(round(self.min_leaf * n), 2, 20)),
            l2_regularization=self.leaf_l2,
            max_bins=bins.thresholds.shape[1],  # histograms are that long whether rows fill them or not
            early_stopping=False,
            categorical_features=None,
            random_state=seed,
        )
        # On few rows, threads cost more than they save, and on a busy machine a hundred times more.
        with threadpool_limits(1 if rows.X.size <= _WIDE else None, user_api="openmp"):
            model.fit(bins.numbers(rows.X), rows.y, sample_weight=rows.weights)
        trees = exported(model, regression=rows.n_classes == 0)
        return replace(trees, threshold=bins.thresholds[trees.feature, trees.threshold.astype(int)])

    @classmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        return cls(
            iterations=suggest.suggest_int(f"{name}.iterations", 20, 200, log=True),
            learning_rate=suggest.suggest_float(f"{name}.learning_rate", 0.02, 0.3, log=True),
            max_leaves=suggest.suggest_int(f"{name}.max_leaves", 2, 31, log=True),
            min_leaf=suggest.suggest_float(f"{name}.min_leaf", 0.01, 0.2, log=True),
            leaf_l2=suggest.suggest_float(f"{name}.leaf_l2", 1e-2, 1e2, log=True),
        )


def _bins(n: int, d: int) -> int:
    """As many as the rows can fill, fewer for wide data: time is in proportion to columns times bins."""
    return max(2, min(n, 64, max(8, 30_000 // d)))


def exported(model: Any, *, regression: bool) -> TreesPredictor:
    """The trees of a fitted histogram gradient boosting model of scikit-learn, without categorical splits."""
    trees = [[tree.nodes for tree in iteration] for iteration in model._predictors]
    sizes = [[len(nodes) for nodes in iteration] for iteration in trees]
    ends = np.cumsum(np.ravel(sizes)).reshape(np.shape(sizes))
    roots = ends - np.asarray(sizes)
    nodes = np.concatenate([nodes for iteration in trees for nodes in iteration])
    own = np.arange(len(nodes))
    start = np.repeat(roots.ravel(), np.ravel(sizes))
    leaf = nodes["is_leaf"].astype(bool)
    return TreesPredictor(
        roots=roots.astype(np.int64),
        feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        children=np.stack([np.where(leaf, own, start + nodes[side]) for side in ("left", "right")], 1).astype(np.int64),
        value=nodes["value"].astype(np.float64),
        baseline=np.ravel(model._baseline_prediction).astype(np.float64),
        depth=int(nodes["depth"].max()),
        regression=regression,
    )
