"""Whether source and target relate inputs to labels in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.folds import assign_folds
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import encode_labels, labeled_pair


@final
@dataclass(frozen=True)
class ConceptShift(RelatednessEstimator):
    """Disagreement of source and target models beyond that of two target models, after the concept drift of
    Gama et al., A Survey on Concept Drift Adaptation, ACM Computing Surveys 2014 (P(y|x) differs).

    The target's labelled rows are split into thirds A, B, C. Linear models f_A, f_B and the source's f_S predict C;
    value = (D(f_S, f_A) + D(f_S, f_B)) / 2 - D(f_A, f_B), averaged over the three rotations and ``repeats`` splits.
    D is the share of rows given different classes, or the mean squared difference over the target's variance.
    f_A and f_B differ by sampling noise alone, which the subtraction takes off.

    :param repeats: splits. :param cap: rows taken from each domain, at most. :param dims: width above which rows are
        projected (pooled PCA).
    """

    repeats: int = 3
    cap: int = 2000
    dims: int = 256

    name: ClassVar[str] = "concept_shift"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "excess share of rows, -1 to 1; or excess share of the target's variance"
    cost: ClassVar[str] = "O((n + m) d^2 + d^3)"
    seconds: ClassVar[float] = 0.2
    meaning: ClassVar[str] = "At or below 0: source and target models agree as target models do; above 0: they do not."
    reference: ClassVar[str] = "Gama et al., ACM Computing Surveys 2014, doi:10.1145/2523813"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The excess; NaN with fewer than 6 labelled target rows, no source rows or a constant target value."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        if len(pair.target) < 6 or len(pair.source) == 0 or (task.is_regression and np.ptp(pair.target_y) == 0):
            return float("nan")
        unit = float(np.var(pair.target_y)) if task.is_regression else 1.0
        Y = encode_labels(pair.target_y, task.n_classes)
        theirs = fit_ridge(pair.source, encode_labels(pair.source_y, task.n_classes)).predict(pair.target)
        rng = ctx.rng()
        excess = []
        for _ in range(self.repeats):
            thirds = assign_folds(rng, pair.target_y, 3, stratify=not task.is_regression)
            ours = [fit_ridge(pair.target[thirds == k], Y[thirds == k]).predict(pair.target) for k in range(3)]
            excess += [_excess(theirs, ours, thirds, held) for held in range(3)]
        return float(np.mean(excess)) / unit


def _excess(theirs: Array, ours: list[Array], thirds: Array, held: int) -> float:
    rows = thirds == held
    a, b = ours[held - 1][rows], ours[held - 2][rows]
    across = 0.5 * (_disagreement(theirs[rows], a) + _disagreement(theirs[rows], b))
    return across - _disagreement(a, b)


def _disagreement(a: Array, b: Array) -> float:
    if a.shape[1] == 1:
        return float(np.mean((a - b) ** 2))
    return float(np.mean(a.argmax(axis=1) != b.argmax(axis=1)))
