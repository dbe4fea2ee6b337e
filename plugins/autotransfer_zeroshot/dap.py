"""Direct attribute prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import NEEDS, describe
from autotransfer_zeroshot.predictor import ClassScores, Scores, finished

_MANY = 10_000_000
"""From so many products in a step on single precision pays, and a descent is ended early."""


@final
@dataclass(frozen=True)
class Dap(Method):
    """Lampert, Nickisch and Harmeling, "Attribute-based classification for zero-shot visual object categorization",
    TPAMI 2014, doi:10.1109/TPAMI.2013.140.

    One probabilistic classifier for each binary attribute; class z has the score Σ log p(a = a_z | x) - log p(a = a_z),
    the prior of an attribute being its share among the training classes. The paper trains support vector machines with
    Platt scaling; here it is logistic regression, which is probabilistic by itself. As there, attributes that are not
    0 or 1 are cut at their mean over the classes. Those that do not vary among the training classes say nothing.

    :param l2: penalty of the logistic regressions, in rows. :param calibration: see ``calibration.seen_penalty``.
    """

    l2: float = 0.1
    calibration: float = 0.5

    name: ClassVar[str] = "dap"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Lampert, Nickisch and Harmeling, TPAMI 2014, doi:10.1109/TPAMI.2013.140"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """All attribute classifiers at once."""
        rows = describe(task)
        attributes = binary(np.asarray(task.class_attributes, np.float64))
        prior = attributes[rows.seen].mean(axis=0)
        varying = (prior > 0) & (prior < 1)
        A, prior = attributes[:, varying], prior[varying]
        W, b = attribute_classifiers(rows.X, A[rows.y], self.l2, ctx)
        scores = Scores(W @ A.T, A @ (b - np.log(prior / (1 - prior))))
        return finished(rows, scores, self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            l2=suggest.suggest_float("l2", 1e-4, 100.0, log=True),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def binary(attributes: Array) -> Array:
    """0 or 1 for each class and attribute: whether it is above the attribute's mean over the classes."""
    return np.asarray((attributes > attributes.mean(axis=0)).astype(np.float64))


def attribute_classifiers(X: Array, T: Array, l2: float, ctx: Context) -> tuple[Array, Array]:
    """Weights (d, m) and intercepts (m,) of m logistic regressions that minimise Σ loss + ½ l2 ‖W‖² in one descent.

    :param X: (n, d). :param T: (n, m) of 0 and 1.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    (n, d), m = X.shape, T.shape[1]
    if m == 0:
        return np.zeros((d, 0)), np.zeros(0)
    large = n * (d + 1) * m > _MANY
    Z = np.column_stack([X, np.ones(n)]).astype(np.float32 if large else np.float64)

    def objective(flat: Array) -> tuple[float, Array]:
        ctx.check_time()
        A = flat.reshape(d + 1, m).astype(Z.dtype, copy=False)
        logits = np.asarray(Z @ A)
        loss = np.logaddexp(0.0, logits).sum() - (T * logits).sum() + 0.5 * l2 * float(np.square(A[:-1]).sum())
        gradient = np.asarray(Z.T @ (expit(logits) - T))
        gradient[:-1] += l2 * A[:-1]
        return float(loss) / n, gradient.ravel().astype(np.float64) / n

    search: Any = minimize
    start = np.zeros((d + 1) * m)
    options = {"maxiter": 40, "gtol": 1e-4, "ftol": 1e-6} if large else {"maxiter": 200, "gtol": 1e-6}
    found = search(objective, start, jac=True, method="L-BFGS-B", options=options)
    A = np.asarray(found.x).reshape(d + 1, m)
    return A[:-1], A[-1]
