"""Linear tasks around a common mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np
from scipy.optimize import minimize

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.linear import LinearRows, TaskLinear
from autotransfer_multitask.rows import NEEDS, gather

_STEPS = 500
_FREE = 1e-6
"""Of the penalty is left for common intercepts, so that the solution is one."""


@final
@dataclass(frozen=True)
class MeanRegularized(Method):
    """Evgeniou and Pontil, "Regularized multi-task learning", KDD 2004, https://doi.org/10.1145/1014052.1014067: the
    weights of task k are ``w0 + v_k``, and ``common |w0|² / 2 + own Σ |v_k|² / 2`` is added to the sum of all losses.

    The paper has the hinge loss; here it is the squared error for values and the cross-entropy for classes. Tasks whose
    labels come from one column have a w0 together, intercept included, which is free in w0 as in the paper's use of a
    constant feature. A task whose labels are its own stands alone, as a ridge or logistic regression.

    :param own: penalty of a task's way from the others, > 0: towards infinity all tasks have one model, at small values
        each has its own. :param common: penalty of what they share, > 0.
    """

    own: float = 10.0
    common: float = 1.0

    name: ClassVar[str] = "mean_regularized"
    needs: ClassVar[Asset] = NEEDS
    reference: ClassVar[str] = "Evgeniou and Pontil, KDD 2004, https://doi.org/10.1145/1014052.1014067"
    predictor: ClassVar[type[TaskLinear]] = TaskLinear

    def fit(self, task: Task, source: Source | None, ctx: Context) -> TaskLinear:
        """One smooth convex problem, by L-BFGS."""
        rows = LinearRows.of(gather(task))
        spaces = np.unique([one.space for one in task.tasks], return_inverse=True)[1]
        return rows.predictor(solved(rows, spaces, self.own, self.common, ctx))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            own=suggest.suggest_float("own", 1e-2, 1e5, log=True),
            common=suggest.suggest_float("common", 1e-2, 1e4, log=True),
        )


def solved(rows: LinearRows, spaces: Array, own: float, common: float, ctx: Context) -> Array:
    """Weights of ``rows.shape``. ``spaces``: int64 (tasks,), from 0 on, which tasks have a mean in common.

    ``u_k = v_k √own`` and ``u_0 = w_0 √common`` are solved for, so that both penalties curve alike.
    """
    tasks, columns, width = rows.shape
    count = int(spaces.max()) + 1
    penalty = np.ones((count + tasks, columns, 1))
    penalty[:count, -1] = _FREE

    def weights(flat: Array) -> tuple[Array, Array]:
        parts = flat.reshape(count + tasks, columns, width)
        return parts[:count] / np.sqrt(common), parts[count:] / np.sqrt(own)

    def objective(flat: Array) -> tuple[float, Array]:
        ctx.check_time()
        shared, single = weights(flat)
        loss, slope = rows.loss(shared[spaces] + single)
        pooled = np.zeros_like(shared)
        np.add.at(pooled, spaces, slope)
        parts = np.concatenate([pooled / np.sqrt(common), slope / np.sqrt(own)])
        held = (penalty * flat.reshape(parts.shape)).ravel()
        return loss + 0.5 * float(held @ flat), parts.ravel() + held

    start = np.zeros((count + tasks) * columns * width)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxfun": 2 * _STEPS})
    shared, single = weights(found.x)
    return np.asarray(shared[spaces] + single)
