"""The guard: is the best transfer really better than the best model without transfer? Decided on unseen rows.

With few labels no rows can be held back, so the guard works on the out-of-fold predictions of all trials and corrects
for the search by bootstrapping the selection itself (BBC-CV: Tsamardinos, Greasidou & Borboudakis, "Bootstrapping the
out-of-sample predictions for efficient and accurate cross-validation", Machine Learning 107, 2018,
https://doi.org/10.1007/s10994-018-5714-4): in each resample the best transfer and the best baseline are chosen on the
rows that were drawn, and compared on the rows that were not.

The paper reads percentiles of out-of-bag scores as the interval; an out-of-bag part holds about 37 % of the rows, so
they are too wide for a statement about all n rows. Here each row gets the mean score of whatever was selected without
it (the leave-one-out bootstrap of Efron & Tibshirani, "Improvements on cross-validation: the .632+ bootstrap method",
JASA 92, 1997). The variance of paired row differences has two bounds: between rows after averaging over selections
(too small: it leaves out that the selection itself depends on the rows) and within one selected pair (too large: it
leaves out that selections average out). Their midpoint is used; in simulation it matches the spread of the estimate.

Two candidates stand for transfer: the selected transfer, and the mean of its predictions and the selected baseline's.
The second gives up part of a gain, and far more of its spread, so that it can often be told from harm where the first
cannot.

For metrics that are no mean over rows, the spread of out-of-bag differences is scaled by the delete-d jackknife (Shao &
Wu, "A general theory for jackknife variance estimation", Annals of Statistics 17, 1989): with d of n rows left out, the
variance is d / (n - d) times that of the differences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from autotransfer.data import Array
from autotransfer.metrics import Metric
from autotransfer.trial import Decision, Interval

RESAMPLES = 400
LEVEL = 0.9
_SMALL = 300
"""Resamples for metrics that are no mean over rows: each one is a call of the metric."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Predictions of competing models for the same rows.

    :param y: (n,) true classes or values.
    :param transfer: one tuple a transfer candidate: its predictions in the search's own round of folds, (n, n_classes)
        or (n,), then those of fresh rounds with other seeds and folds, if there were any.
    :param baseline: the same for candidates without transfer.
    :param groups: (n,) numbers from 0 on, equal for rows that come and go together, such as those of one task; None:
        each row stands alone.
    """

    y: Array
    transfer: Sequence[tuple[Array, ...]]
    baseline: Sequence[tuple[Array, ...]]
    groups: Array | None = None

    def averaged(self, transfer: int, baseline: int) -> tuple[Array, ...]:
        """Mean predictions of one candidate a side, of the rounds that both have."""
        pairs = zip(self.transfer[transfer], self.baseline[baseline], strict=False)
        return tuple((one + other) / 2 for one, other in pairs)


@dataclass(frozen=True)
class Comparison:
    """Gain of transfer over no transfer: mean and standard error in metric units, larger is better, on ``n`` rows."""

    mean: float
    standard_error: float
    n: int
    baseline_score: float

    def p_below(self, threshold: float) -> float:
        """P(gain < threshold), by Student's t with n - 1 degrees of freedom."""
        from scipy.stats import t

        if self.standard_error == 0.0:
            return 0.5 * (1.0 + float(np.sign(threshold - self.mean)))
        return float(t.cdf((threshold - self.mean) / self.standard_error, max(self.n - 1, 1)))

    def interval(self, level: float = LEVEL) -> Interval:
        """Two-sided interval of the gain."""
        from scipy.stats import t

        half = float(t.ppf(0.5 + level / 2, max(self.n - 1, 1))) * self.standard_error
        return Interval(self.mean, self.mean - half, self.mean + half, level)


@dataclass(frozen=True)
class Ruling:
    """The guard's decision and what it rests on."""

    decision: Decision
    comparison: Comparison
    p_worse: float
    labels_needed: int | None


def rule(comparison: Comparison, metric: Metric, *, epsilon: float, alpha: float) -> Ruling:
    """Transfer if P(worse by more than epsilon points) <= alpha and the estimated gain is positive.

    Otherwise no transfer, when the gain is unlikely to be worth it (upper limit below epsilon, or no positive
    estimate), or inconclusive with the number of further labels that would settle it.
    """
    margin = metric.points(epsilon, comparison.baseline_score)
    p_worse = comparison.p_below(-margin)
    if p_worse <= alpha and comparison.mean > 0:
        return Ruling(Decision.TRANSFER, comparison, p_worse, None)
    if comparison.mean <= 0 or comparison.interval().high <= margin:
        return Ruling(Decision.DO_NOT_TRANSFER, comparison, p_worse, None)
    return Ruling(Decision.INCONCLUSIVE, comparison, p_worse, _labels_needed(comparison, margin, alpha))


def shipped(alone: Ruling, average: Ruling) -> Literal["alone", "average", "neither"]:
    """The transfer alone, unless its average with the baseline is all that may be shipped, or promises more.

    Averaging two models helps even where one of them is no better: the average stands for transfer only where the
    transfer alone is estimated to gain.
    """
    passes = [ruling.decision is Decision.TRANSFER for ruling in (alone, average)]
    more = average.comparison.mean > alone.comparison.mean or not passes[0]
    if passes[1] and alone.comparison.mean > 0 and more:
        return "average"
    return "alone" if passes[0] else "neither"


def _labels_needed(comparison: Comparison, margin: float, alpha: float) -> int:
    """Further rows until the one-sided limit passes -margin, if the gain and its spread stay as they are."""
    from scipy.stats import norm

    spread = comparison.standard_error * math.sqrt(comparison.n)
    rows = (float(norm.ppf(1 - alpha)) * spread / (comparison.mean + margin)) ** 2
    return max(1, math.ceil(rows - comparison.n))


def compare(
    candidates: Candidates, metric: Metric, *, seed: int, resamples: int = RESAMPLES, averaged: bool = False
) -> Comparison:
    """Bootstrap the selection and compare out of bag. Needs one candidate a side at least and two rows.

    :param averaged: compare the mean of the two selected models' predictions, instead of the selected transfer's, with
        the selected baseline.
    """
    if metric.row_scores is None:
        drawn = _drawn_rows(candidates.y, candidates.groups, seed, min(resamples, _SMALL))
        baselines = _best_by_call(candidates.baseline, candidates.y, metric, drawn)
        return _compare_by_call(candidates, metric, drawn, baselines, averaged=averaged)
    y, groups = candidates.y, candidates.groups
    sides = [_grouped(_rows(side, y, metric), groups) for side in (candidates.transfer, candidates.baseline)]
    n = len(sides[0])
    drawn = _drawn(n, seed, resamples)
    chosen = [(drawn @ rows).argmax(1) for rows in sides]
    transfer, baseline = (rows.T[index] for rows, index in zip(sides, chosen, strict=True))
    if averaged:
        pairs, position = np.unique(np.stack(chosen), axis=1, return_inverse=True)
        means = [candidates.averaged(*pair) for pair in pairs.T]
        transfer = _grouped(_rows(means, y, metric), groups).T[position]
    left_out = drawn == 0
    out_of_bag = [(left_out * rows).sum(0) / left_out.sum(0) for rows in (transfer, baseline)]
    scores = [float(metric.finish(rows.mean())) for rows in out_of_bag]
    slopes = [_slope(metric, rows.mean()) for rows in out_of_bag]
    between = (slopes[0] * out_of_bag[0] - slopes[1] * out_of_bag[1]).var(ddof=1)
    single = (slopes[0] * transfer - slopes[1] * baseline).var(axis=1, ddof=1).mean()
    return _comparison(scores[0] - scores[1], math.sqrt((between + single) / 2 / n), n, scores[1])


def _comparison(mean: float, standard_error: float, n: int, baseline: float) -> Comparison:
    """Rows that all agree do not prove the gain: the error is at least what one more row without gain would make it."""
    return Comparison(mean, max(standard_error, abs(mean) / n), n, baseline)


def _rows(side: Sequence[tuple[Array, ...]], y: Array, metric: Metric) -> Array:
    """Row scores, (n, n_candidates), averaged over the rounds of each candidate."""
    return np.stack([np.mean([metric.rows(y, p) for p in rounds], axis=0) for rounds in side], axis=1)


def _slope(metric: Metric, mean: float) -> float:
    """Derivative of ``metric.finish`` at ``mean``: 1, or that of -sqrt(-m)."""
    return 0.5 / math.sqrt(max(-mean, 1e-300)) if metric.root else 1.0


def compare_each(
    each: Sequence[Candidates], metric: Metric, *, seed: int, resamples: int = RESAMPLES
) -> list[Comparison]:
    """:func:`compare` for several sets of transfer candidates against one baseline, which is the same in all of them,
    on the same rows, in the same resamples."""
    if metric.row_scores is not None:
        return [compare(candidates, metric, seed=seed, resamples=resamples) for candidates in each]
    if not each:
        return []
    y, drawn = each[0].y, _drawn_rows(each[0].y, each[0].groups, seed, min(resamples, _SMALL))
    baselines = _best_by_call(each[0].baseline, y, metric, drawn)
    return [_compare_by_call(candidates, metric, drawn, baselines) for candidates in each]


def _drawn(n: int, seed: int, resamples: int) -> Array:
    """How often each resample draws each row, (resamples, n)."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)


def _drawn_rows(y: Array, groups: Array | None, seed: int, resamples: int) -> Array:
    """The same of rows, those of a group as often as the group."""
    if groups is None:
        return _drawn(len(y), seed, resamples)
    return np.asarray(_drawn(int(groups.max()) + 1, seed, resamples)[:, groups])


def _grouped(rows: Array, groups: Array | None) -> Array:
    """Row scores (n, n_candidates) as one row a group, weighted so that their mean stays the mean of all rows."""
    if groups is None:
        return rows
    found = np.zeros((int(groups.max()) + 1, rows.shape[1]))
    np.add.at(found, groups, rows)
    return found * (len(found) / len(rows))


def _compare_by_call(
    candidates: Candidates, metric: Metric, drawn: Array, baselines: _Best, *, averaged: bool = False
) -> Comparison:
    """For metrics that are no mean over rows: differences of whole out-of-bag parts, delete-d jackknife spread."""
    transfers = _best_by_call(candidates.transfer, candidates.y, metric, drawn)
    scores = _averages_by_call(candidates, metric, drawn, transfers, baselines) if averaged else transfers.scores
    gains, baseline = scores - baselines.scores, baselines.scores
    usable = np.isfinite(gains)
    if usable.sum() < 2:
        return _unresolved(candidates, metric)
    share = float((drawn[usable] == 0).mean())
    error = float(gains[usable].std(ddof=1)) * math.sqrt(share / (1 - share))
    groups = candidates.groups
    n = len(candidates.y) if groups is None else int(groups.max()) + 1
    return _comparison(float(gains[usable].mean()), error, n, float(baseline[usable].mean()))


def _unresolved(candidates: Candidates, metric: Metric) -> Comparison:
    """So few rows that the metric is defined on no part of them: a gain of the best that may be off by a whole unit."""
    transfer, baseline = (
        max(float(np.mean([metric.score(candidates.y, p) for p in repeats])) for repeats in side)
        for side in (candidates.transfer, candidates.baseline)
    )
    return Comparison(transfer - baseline, 1.0, len(candidates.y), baseline)


def compare_held_out(candidates: Candidates, metric: Metric, *, seed: int, averaged: bool = False) -> Comparison:
    """Compare one candidate a side, or the mean of both with the baseline, on rows that chose neither: paired bootstrap
    over rows."""
    n = len(candidates.y)
    if averaged:
        candidates = Candidates(candidates.y, [candidates.averaged(0, 0)], candidates.baseline, candidates.groups)
    drawn = np.concatenate([np.ones((1, n), np.int64), _drawn(n, seed, _SMALL)])
    (transfer, _), (baseline, _) = (
        _scores_by_call(side, candidates.y, metric, drawn) for side in (candidates.transfer, candidates.baseline)
    )
    gains = (transfer - baseline)[:, 0]
    return Comparison(float(gains[0]), float(np.nanstd(gains[1:], ddof=1)), n, float(baseline[0, 0]))


@dataclass(frozen=True, eq=False)
class _Best:
    """Of each resample the candidate that is best in the bag, (n_resamples,), and its out-of-bag score, NaN where none
    could be chosen."""

    index: Array
    scores: Array


def _best_by_call(side: Sequence[tuple[Array, ...]], y: Array, metric: Metric, drawn: Array) -> _Best:
    in_bag, out_of_bag = _scores_by_call(side, y, metric, drawn)
    best = np.nan_to_num(in_bag, nan=-np.inf).argmax(1)
    chosen = out_of_bag[np.arange(len(best)), best]
    return _Best(best, np.where(np.isfinite(in_bag).any(axis=1), chosen, np.nan))


def _averages_by_call(
    candidates: Candidates, metric: Metric, drawn: Array, transfers: _Best, baselines: _Best
) -> Array:
    """Out-of-bag scores, (n_resamples,), of the mean predictions of the two that each resample selects."""
    scores = np.full(len(drawn), np.nan)
    usable = np.isfinite(transfers.scores) & np.isfinite(baselines.scores)
    for index in np.flatnonzero(usable):
        rest = np.flatnonzero(drawn[index] == 0)
        rounds = candidates.averaged(transfers.index[index], baselines.index[index])
        scores[index] = np.mean([metric.score(candidates.y[rest], p[rest]) for p in rounds])
    return scores


def _scores_by_call(side: Sequence[tuple[Array, ...]], y: Array, metric: Metric, drawn: Array) -> tuple[Array, Array]:
    """Scores in and out of the bag, (n_resamples, n_candidates) each, one call a resample."""
    shape = (len(drawn), len(side))
    in_bag, out_of_bag = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, counts in enumerate(drawn):
        bag, rest = np.repeat(np.arange(len(y)), counts), np.flatnonzero(counts == 0)
        for column, repeats in enumerate(side):
            in_bag[index, column] = np.mean([metric.score(y[bag], p[bag]) for p in repeats])
            if len(rest):
                out_of_bag[index, column] = np.mean([metric.score(y[rest], p[rest]) for p in repeats])
    return in_bag, out_of_bag
