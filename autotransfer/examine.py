"""From finished trials to a ruling: fresh repeats of the finalists, then the guard."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autotransfer.bench import Bench
from autotransfer.catalogue import Catalogue
from autotransfer.config import from_json
from autotransfer.evaluate import Job, Outcome
from autotransfer.executors.executor import Executor, Limits
from autotransfer.guard import Candidates, Comparison, Ruling, compare, compare_each, compare_held_out, rule, shipped
from autotransfer.many import folds_of
from autotransfer.metrics import Metric
from autotransfer.selection import Scored, finalists, ranked, top_scored
from autotransfer.settings import Settings
from autotransfer.splits import Fold, Split
from autotransfer.trial import Arm, Choice, TrialRecord

FINALISTS = 4
REPEATS = 4
"""Fresh rounds of folds for each finalist."""
_HELD_OUT_SEEDS = 3
_MOST = 12
"""Candidates a side for metrics that the guard has to call for every resample."""
_FRESH = 100_003
"""Keeps the guard's seeds apart from those of the search."""


@dataclass(frozen=True, eq=False)
class Field:
    """The competitors of one run with the true labels of the rows that they predicted; ``groups``: see
    :class:`~autotransfer.guard.Candidates`."""

    y: np.ndarray
    transfer: list[Scored]
    baseline: list[Scored]
    groups: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Examined:
    """What the guard saw and said.

    :param ruling: None when one side has no candidate.
    :param averaged: whether the ruling is about the average of the two, not about the transfer alone.
    """

    ruling: Ruling | None
    transfer: Choice | None
    baseline: Choice | None
    averaged: bool = False


@dataclass(frozen=True, eq=False)
class Examiner:
    """Runs the guard's own trials."""

    bench: Bench
    executor: Executor[Job, Outcome]
    catalogue: Catalogue
    settings: Settings
    split: Split
    deadline: float

    def examine(self, field: Field) -> Examined:
        """Repeat the finalists with fresh seeds and folds, then compare."""
        metric = self.bench.metric
        if not field.transfer or not field.baseline:
            best = ranked(field.transfer, field.y, metric)
            transfer = best[0].record.choice if best else None
            return Examined(None, transfer, top_scored(field.baseline).record.choice if field.baseline else None)
        if self.split.has_confirm:
            return self._held_out(field)
        # Fresh borrowed tasks would be other rows.
        repeated = field if self.split.is_borrowed else Field(field.y, *self._repeat(field))
        tops = (_best(repeated.transfer, field.y, metric), top_scored(field.baseline))
        candidates = _candidates(repeated, metric)
        comparisons = [compare(candidates, metric, seed=self.settings.seed, averaged=mean) for mean in (False, True)]
        return self._ruled(comparisons, tops)

    def _ruled(self, comparisons: Sequence[Comparison], tops: tuple[Scored, Scored]) -> Examined:
        """The transfer alone or, where the size budget leaves room for two models, averaged with the baseline."""
        transfer, baseline = (top.record for top in tops)
        alone, average = (
            rule(comparison, self.bench.metric, epsilon=self.settings.epsilon, alpha=self.settings.alpha)
            for comparison in comparisons
        )
        averaged = shipped(alone, average) == "average" and self._fit_together(transfer, baseline)
        return Examined(average if averaged else alone, transfer.choice, baseline.choice, averaged)

    def _fit_together(self, transfer: TrialRecord, baseline: TrialRecord) -> bool:
        if self.settings.keep_source is not None:  # nobody has asked the average for the source's classes
            return False
        if transfer.footprint is None or baseline.footprint is None:
            return True
        return self.settings.bounds.refusal(transfer.footprint + baseline.footprint) is None

    def _repeat(self, field: Field) -> tuple[list[Scored], list[Scored]]:
        """Both sides, their finalists with as many fresh repeats as the time allows."""
        metric = self.bench.metric
        chosen = [top_scored(field.baseline), *finalists(field.transfer, field.y, metric, FINALISTS)]
        chosen += [s for s in finalists(field.baseline, field.y, metric, FINALISTS - 1) if s is not chosen[0]]
        rounds = [folds_of(self.bench.problem, self.settings.seed + _FRESH + index) for index in range(REPEATS)]
        queue = [
            (scored.record.number, self._job(scored.record.choice, folds)) for folds in rounds for scored in chosen
        ]
        more: dict[int, list[np.ndarray]] = {}
        for number, outcome in self._run(queue):
            if outcome.predictions is not None:
                more.setdefault(number, []).append(outcome.predictions)
        sides = [
            [replace(s, repeats=(*s.repeats, *more.get(s.record.number, ()))) for s in side]
            for side in (field.transfer, field.baseline)
        ]
        return sides[0], sides[1]

    def _held_out(self, field: Field) -> Examined:
        """Winner and baseline, trained with fresh seeds on everything that the search saw, on the confirm rows."""
        metric = self.bench.metric
        tops = (ranked(field.transfer, field.y, metric)[0], top_scored(field.baseline))
        winners = [top.record.choice for top in tops]
        everything = np.arange(len(self.bench.problem.target))
        fold = (Fold(np.setdiff1d(everything, self.split.confirm), self.split.confirm),)
        jobs = [
            (side, replace(self._job(choice, fold), seed=self.settings.seed + _FRESH + repeat))
            for repeat in range(_HELD_OUT_SEEDS)
            for side, choice in enumerate(winners)
        ]
        predictions: dict[int, list[np.ndarray]] = {0: [], 1: []}
        for side, outcome in self._run(jobs):
            if outcome.predictions is not None:
                predictions[side].append(outcome.predictions)
        if not predictions[0] or not predictions[1]:
            return Examined(None, winners[0], winners[1])
        y = self.bench.truth(fold)
        candidates = Candidates(y, [tuple(predictions[0])], [tuple(predictions[1])])
        comparisons = [
            compare_held_out(candidates, metric, seed=self.settings.seed, averaged=mean) for mean in (False, True)
        ]
        return self._ruled(comparisons, tops)

    def _job(self, choice: Choice, folds: tuple[Fold, ...]) -> Job:
        method = from_json(self.catalogue.method(choice.method), choice.params)
        return Job(method, choice.source, choice.encoder, folds, self.settings.seed + _FRESH)

    def _run(self, jobs: Sequence[tuple[int, Job]]) -> list[tuple[int, Outcome]]:
        """Outcomes of the jobs that ended well before the deadline."""
        waiting, running = list(reversed(jobs)), dict[int, int]()
        outcomes: list[tuple[int, Outcome]] = []
        while (waiting or running) and time.monotonic() < self.deadline:
            while waiting and len(running) < self.executor.capacity:
                key, job = waiting.pop()
                running[self.executor.submit(job, self._limits())] = key
            for finished in self.executor.wait(0.25):
                key = running.pop(finished.ticket, -1)
                if finished.outcome is not None and key >= 0:
                    outcomes.append((key, finished.outcome))
        self.executor.abandon()
        return outcomes

    def _limits(self) -> Limits:
        seconds = max(0.1, self.deadline - time.monotonic())
        return Limits(min(seconds, self.settings.trial_timeout or seconds), self.settings.trial_memory)


def arm_risks(field: Field, metric: Metric, seed: int) -> dict[Arm, float]:
    """P(gain < 0) of each transfer arm that finished a trial, by the guard's own comparison."""
    if not field.baseline:
        return {}
    arms: dict[Arm, list[Scored]] = {}
    for scored in field.transfer:
        arms.setdefault(scored.record.choice.arm, []).append(scored)
    sides = [ranked(side, field.y, metric)[:_MOST] for side in (*arms.values(), field.baseline)]
    *transfers, baseline = ([scored.repeats for scored in side] for side in sides)
    each = [Candidates(field.y, transfer, baseline, field.groups) for transfer in transfers]
    comparisons = compare_each(each, metric, seed=seed, resamples=100)
    return {arm: comparison.p_below(0.0) for arm, comparison in zip(arms, comparisons, strict=True)}


def _best(side: list[Scored], y: np.ndarray, metric: Metric) -> Scored:
    return ranked(_most_repeated(side), y, metric)[0]


def _most_repeated(side: list[Scored]) -> list[Scored]:
    """Those with fresh rounds, as many as any has: the search's own round flatters."""
    most = max(len(scored.repeats) for scored in side)
    return [scored for scored in side if len(scored.repeats) == most]


def _candidates(field: Field, metric: Metric) -> Candidates:
    sides = [field.transfer, field.baseline]
    if metric.row_scores is None:
        sides = [ranked(_most_repeated(side), field.y, metric)[:_MOST] for side in sides]
    transfer, baseline = ([scored.repeats for scored in side] for side in sides)
    return Candidates(field.y, transfer, baseline, field.groups)
