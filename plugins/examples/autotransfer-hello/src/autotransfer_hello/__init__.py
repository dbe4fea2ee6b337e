from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.hookspecs import hookimpl
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.method import Method


@final
@dataclass(frozen=True)
class ShrunkenMeans(Method):
    """Nearest class mean, the target's means shrunk towards the source's (after James & Stein, 1961)."""
    name = "shrunken_means"
    needs = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    regression, predictor = False, LinearPredictor
    reference = "James & Stein (1961). Estimation with Quadratic Loss. 4th Berkeley Symposium, 361-379."
    strength: float = 10.0  # a source mean counts as much as this many target rows

    def fit(self, task, source, ctx):
        X, y, rows, classes = task.train.X, task.train.y, source.data, np.eye(task.n_classes)
        prior = (classes[rows.y].T @ rows.X + X.mean(0)) / (classes[rows.y].sum(0)[:, None] + 1)
        means = (classes[y].T @ X + self.strength * prior) / (classes[y].sum(0)[:, None] + self.strength)
        spread = np.square(X - means[y]).mean() + 1e-6
        return LinearPredictor(means.T / spread, -np.square(means).sum(1) / (2 * spread), regression=False)

    @classmethod
    def suggest(cls, suggest):
        return cls(suggest.suggest_float("strength", 0.1, 1000.0, log=True))


@hookimpl
def transfer_methods():
    return [ShrunkenMeans]
