"""Class-conditional Gaussians whose parameters are predicted from the attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import NEEDS, SIGNATURES, Described, describe
from autotransfer_zeroshot.eszsl import ridge_solution
from autotransfer_zeroshot.predictor import ClassScores, Scores, finished

_FLOOR = 1e-3
"""Of the typical variance: classes that do not vary in a column would rule out every other value there."""


@final
@dataclass(frozen=True)
class ConditionalGaussian(Method):
    """Verma and Rai, "A simple exponential family framework for zero-shot learning", ECML PKDD 2017 (arXiv:1707.08040).

    Each class is a Gaussian with a diagonal covariance. Means and log variances of the seen classes are regressed on
    their signatures (ridge), which gives those of the unseen classes; seen classes keep their own. A row belongs to the
    class under which it is most likely. This is the paper's inductive variant with its linear regression. Class
    estimates from a few rows are drawn to those of all classes, where the paper takes them as they are.

    :param ridge: penalty of the regressions, in classes. :param shrinkage: in [0, 1], how far log variances are drawn
        to the classes' mean: at 1 all classes have the same.
    :param signatures: see ``described.SIGNATURES``. :param calibration: see ``calibration.seen_penalty``.
    """

    ridge: float = 0.1
    shrinkage: float = 0.7
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "conditional_gaussian"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Verma and Rai, ECML PKDD 2017, arXiv:1707.08040"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Moments, two regressions, densities."""
        rows = describe(task, self.signatures)
        ctx.check_time()
        means, log_variances = rows.class_means(), class_log_variances(rows, self.shrinkage)
        M, L = (predicted(rows, known, self.ridge) for known in (means, log_variances))
        return finished(rows, log_densities(M, np.exp(L)), self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            ridge=suggest.suggest_float("ridge", 1e-3, 100.0, log=True),
            shrinkage=suggest.suggest_float("shrinkage", 0.0, 1.0),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def class_log_variances(rows: Described, shrinkage: float) -> Array:
    """(n_seen, d): of each seen class, drawn to the columns' pooled ones."""
    hot, means = rows.one_hot, rows.class_means()
    squares = np.square(rows.X - means[np.searchsorted(rows.classes, rows.y)])
    pooled = squares.mean(axis=0)
    typical = float(pooled.mean()) or 1.0
    own = hot.T @ squares / hot.sum(axis=0)[:, None]
    logs, common = (np.log(np.maximum(v, 0.0) + _FLOOR * typical) for v in (own, pooled))
    return np.asarray((1 - shrinkage) * logs + shrinkage * common)


def predicted(rows: Described, known: Array, ridge: float) -> Array:
    """Parameters (n_classes, d) of all classes from those (n_seen, d) of the seen ones, which stay as they are."""
    S, centre = rows.S[rows.seen], known.mean(axis=0)
    offset = S.mean(axis=0)
    found = centre + (rows.S - offset) @ ridge_solution(S - offset, known - centre, ridge)
    found[rows.seen] = known
    return np.asarray(found)


def log_densities(means: Array, variances: Array) -> Scores:
    """log N(x; mean, variance) of each class without its constant, as scores quadratic in x; both (n_classes, d)."""
    precision = 1 / variances
    b = -0.5 * (np.square(means) * precision + np.log(variances)).sum(axis=1)
    return Scores((means * precision).T, b, -0.5 * precision.T)
