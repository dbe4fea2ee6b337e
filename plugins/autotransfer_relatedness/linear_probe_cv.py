"""How well a linear model of the representation predicts, in the target's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.metrics import METRICS
from autotransfer.task import Context
from autotransfer_relatedness.folds import assign_folds
from autotransfer_relatedness.representation import RepresentationScore
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import encode_labels


@final
@dataclass(frozen=True)
class LinearProbeScore(RepresentationScore):
    """Cross-validated score of a linear probe (Alain and Bengio, arXiv:1610.01644) on the encoder's features.

    The probe is ridge regression, one output a class, its penalty chosen inside the training folds; the score is that
    of all out-of-fold predictions together. Folds are stratified.

    :param folds: at least 2; fewer where there are fewer rows.
    """

    dims: int = 256
    folds: int = 5

    name: ClassVar[str] = "linear_probe_cv"
    unit: ClassVar[str] = "accuracy, 0 to 1; or R^2, up to 1"
    cost: ClassVar[str] = "O(n d^2 + d^3), 5 times"
    seconds: ClassVar[float] = 0.15
    meaning: ClassVar[str] = "How well a linear model of the encoder's features predicts rows that it has not seen."
    reference: ClassVar[str] = "Alain and Bengio, ICLR Workshop 2017, arXiv:1610.01644"

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """Accuracy or R^2."""
        classes = int(y.max()) + 1 if y.dtype.kind == "i" else 0
        Y = encode_labels(y, classes)
        n_folds = min(self.folds, len(X))
        folds = assign_folds(ctx.rng(), y, n_folds, stratify=classes > 0)
        outputs = np.empty_like(Y)
        for fold in range(n_folds):
            ctx.check_time()
            held = folds == fold
            outputs[held] = fit_ridge(X[~held], Y[~held]).predict(X[held])
        return METRICS["accuracy"].score(y, outputs) if classes else METRICS["r2"].score(y, outputs[:, 0])
