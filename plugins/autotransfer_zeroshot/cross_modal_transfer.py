"""Cross-modal transfer: first ask whether a row is of an unseen class at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import NEEDS, SIGNATURES, Described, describe
from autotransfer_zeroshot.distances import class_distances
from autotransfer_zeroshot.eszsl import ridge_solution
from autotransfer_zeroshot.gated_predictor import Gate, GatedPredictor

SPACES = ("rows", "signatures")
_SOFTNESS = 0.1
"""Of the spread of distances: nearly the paper's threshold, and probabilities all the same."""


@final
@dataclass(frozen=True)
class CrossModalTransfer(Method):
    """Socher, Ganjoo, Manning and Ng, "Zero-shot learning through cross-modal transfer", NIPS 2013 (arXiv:1301.3666).

    Rows are mapped to the space of signatures by regression. A row far from every seen class, in units of that class's
    spread (isometric Gaussians and a threshold), is novel and belongs to the unseen class whose signature is nearest;
    the others go to a softmax classifier of the seen classes. The paper's map is a network with one hidden layer; here
    it is linear (ridge). The paper looks for novelty in the space of signatures, which has no spread left where there
    are few seen classes: by default it is looked for among the rows themselves.

    :param rejected: share of the training rows beyond the threshold. :param novelty: ``rows`` or, as in the paper,
        ``signatures``. :param ridge: penalty of the map, in rows. :param signatures: see ``described.SIGNATURES``.
    """

    rejected: float = 0.3
    novelty: str = SPACES[0]
    ridge: float = 1.0
    signatures: str = SIGNATURES[0]

    name: ClassVar[str] = "cross_modal_transfer"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Socher, Ganjoo, Manning and Ng, NIPS 2013, arXiv:1301.3666"
    predictor: ClassVar[type[GatedPredictor]] = GatedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> GatedPredictor:
        """A map, a gate, a classifier."""
        rows = describe(task, self.signatures)
        ctx.check_time()
        penalty = self.ridge / rows.X.shape[1]
        W = ridge_solution(rows.X, rows.S[rows.y], penalty)
        unseen = np.flatnonzero(~rows.seen)
        if self.novelty == "rows":
            gate = fitted_gate(rows, rows.X, None, self.rejected)
        else:
            gate = fitted_gate(rows, left_out(rows.X, rows.S[rows.y], penalty), W, self.rejected)
        known = Linear().fit(rows.X, rows.y, n_classes=task.n_classes, seed=ctx.seed)
        # Nearest among the unseen: minus half the squared distance, less what is equal for all of them.
        scores, b = W @ rows.S[unseen].T, -0.5 * np.square(rows.S[unseen]).sum(axis=1)
        spread = np.square(rows.S[rows.y] - rows.X @ W).mean(axis=0).sum() / rows.S.shape[1]
        sharp = 1 / max(float(spread), 1e-3)
        return GatedPredictor(known, gate, sharp * scores, sharp * b, unseen, rows.mean, rows.scale)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            rejected=suggest.suggest_float("rejected", 0.0, 0.9),
            novelty=suggest.suggest_categorical("novelty", SPACES),
            ridge=suggest.suggest_float("ridge", 1e-2, 1e3, log=True),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
        )


def left_out(X: Array, S: Array, penalty: float) -> Array:
    """Ridge regressions of S (n, a) on X (n, d), each row's value from the other rows: s - (s - ŝ) / (1 - h), the row's
    leverage being h (Allen, Technometrics 16, 1974)."""
    hat = X @ ridge_solution(X, np.eye(len(X)), penalty)
    leverage = np.minimum(np.diag(hat), 1 - 1e-9)[:, None]
    return np.asarray(S - (S - hat @ S) / (1 - leverage))


def fitted_gate(rows: Described, Z: Array, projection: Array | None, rejected: float) -> Gate:
    """Centres and spreads of the seen classes, and the distance that a share ``rejected`` of the rows exceeds when the
    centre of their class is taken without them.

    :param Z: (n, k) the rows in the space of the gate. :param projection: that takes other rows there.

    Spreads are drawn to the pooled one as by five rows more.
    """
    each = np.arange(len(rows.y))
    centres, squares = class_distances(Z, rows.y)
    hot, own = rows.one_hot, squares[each, np.searchsorted(rows.classes, rows.y)]
    pooled = max(float(own.mean()), 1e-12)
    widths = (hot.T @ own + 5.0 * pooled) / (hot.sum(axis=0) + 5.0)
    distances = (squares / widths).min(axis=1)
    limit = float(np.quantile(distances, 1 - rejected))
    return Gate(projection, centres, widths, limit, _SOFTNESS * float(distances.std()))
