"""The search loop: defaults of every arm in rank order, then whatever the sampler proposes, under a wall clock."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, final

import numpy as np

from autotransfer.evaluate import Job, Outcome
from autotransfer.executors.executor import Executor, Finished, Limits
from autotransfer.footprint import Bounds
from autotransfer.kept import KeepSource
from autotransfer.search import Proposal, Study
from autotransfer.space import Candidate
from autotransfer.splits import Parts
from autotransfer.trial import Arm, Status, TrialRecord

_TICK = 0.25
"""Seconds between looks at the clock while jobs run."""
_BASELINE_SHARE = 1 / 8
"""Of all trials, at least, for methods without transfer: with dozens of transfer methods, as many trials as any one of
them would leave the baseline hardly searched, and a weak baseline flatters every transfer."""
_BREADTH, _LEADERS = 40, 5
"""Trials after which every second turn goes to the other encoders of the leading arms, before the defaults that are
left: hundreds of arms would else use up the time in which a good one becomes better."""
_REFUSALS = 3
"""Proposals that are given back because they would take too long, before one is tried all the same."""


Order: TypeAlias = Callable[[Sequence[Arm], Sequence[TrialRecord]], Sequence[Arm]]
"""Arms that wait and trials so far -> the same arms, the one to try next in front."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What the search may do.

    :param defaults: candidates to try first, in order.
    :param variants: the same arms with other encoders; they come next, those of the best arms so far first, and
        those of the leading arms among many defaults.
    :param baselines: names of methods without transfer; together they get as many trials as any transfer method, and an
        eighth of all at least.
    :param deadline: ``time.monotonic()`` value at which running trials are given up.
    :param trials: trials in all, those of a resumed run included; None: as many as the time allows.
    :param defaults_only: stop when the defaults are done.
    :param bounds: trials whose models are beyond them are refused. :param keep: so are those that forget more.
    :param order: of the defaults, asked before each trial; None: as they are.
    """

    folds: Parts
    defaults: Sequence[Candidate]
    baselines: tuple[str, ...]
    deadline: float
    limits: Limits
    trials: int | None
    seed: int
    variants: Sequence[Candidate] = ()
    defaults_only: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    order: Order | None = None
    keep: KeepSource | None = None


Sink = Callable[[TrialRecord, Outcome | None], None]
"""Called with each finished trial before the study hears of it: the place to save predictions."""


@final
class _Costs:
    """Seconds of past trials by method and encoder; the rest of a trial's cost varies less than these two."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str | None], list[float]] = {}

    def note(self, record: TrialRecord) -> None:
        """A finished trial; one that failed may have needed any time, so its time counts double."""
        key = (record.choice.method, record.choice.encoder)
        factor = 2.0 if record.status is Status.FAILED else 1.0
        self._seconds.setdefault(key, []).append(factor * record.seconds)

    def expected(self, method: str, encoder: str | None) -> float:
        """Median seconds of the pair; if it is new, those of the method's other encoders, each scaled by what other
        methods say of the two encoders; 0 where nothing is known."""
        known = self._median(method, encoder)
        if known is not None:
            return known
        others = [other for m, other in self._seconds if m == method]
        guesses = [(self._median(method, other) or 0.0) * self._ratio(encoder, other) for other in others]
        return min(guesses, default=0.0)

    def _median(self, method: str, encoder: str | None) -> float | None:
        seconds = self._seconds.get((method, encoder))
        return None if seconds is None else float(np.median(seconds))

    def _ratio(self, encoder: str | None, other: str | None) -> float:
        """Typical seconds with ``encoder`` for each second with ``other``, 1 where no method has tried both."""
        methods = {method for method, _ in self._seconds}
        pairs = [(self._median(method, encoder), self._median(method, other)) for method in methods]
        ratios = [one / max(two, 1e-3) for one, two in pairs if one is not None and two is not None]
        return float(np.median(ratios)) if ratios else 1.0


@final
class Explorer:
    """Runs trials until the plan is spent."""

    def __init__(self, study: Study, executor: Executor[Job, Outcome], plan: Plan, sink: Sink) -> None:
        self._study, self._executor, self._plan, self._sink = study, executor, plan, sink
        self._running: dict[int, Proposal] = {}
        done = study.records()
        tried = {(r.choice.arm, r.choice.encoder) for r in done}
        self._defaults = [c for c in plan.defaults if (c.arm, c.encoder) not in tried]
        self._variants = [c for c in plan.variants if (c.arm, c.encoder) not in tried]
        self._best: dict[Arm, float] = {}
        self._count = Counter(record.choice.method for record in done)
        self._total = len(done)
        self._costs = _Costs()
        self._done: list[TrialRecord] = []
        for record in done:
            self._note(record)

    def run(self) -> None:
        """Search. Trials that still run at the deadline are given up and leave no record."""
        try:
            while self._may_start() or self._running:
                while self._may_start() and len(self._running) < self._executor.capacity:
                    self._start(self._propose())
                for finished in self._executor.wait(min(_TICK, max(0.0, self._left()))):
                    self._finish(finished)
                if self._left() <= 0:
                    break
        finally:
            self._executor.abandon()
            for proposal in self._running.values():
                self._study.forget(proposal)

    def _left(self) -> float:
        return self._plan.deadline - time.monotonic()

    def _may_start(self) -> bool:
        enough = self._plan.trials is not None and self._total + len(self._running) >= self._plan.trials
        done = self._plan.defaults_only and not self._defaults
        return not enough and not done and self._left() > 0

    def _propose(self) -> Proposal:
        due = self._baseline_due()
        candidate = self._planned(due)
        if candidate is not None:
            return self._study.ask(default=candidate)
        proposal = self._study.ask(method=due)
        for _ in range(_REFUSALS):
            if self._fits(proposal.candidate):
                break
            self._study.forget(proposal)
            proposal = self._study.ask(method=due)
        return proposal

    def _planned(self, due: str | None) -> Candidate | None:
        """The next default that may run now, else the next variant, else None; after many defaults, every second time a
        variant of the leading arms goes first."""
        by_merit = sorted(self._variants, key=lambda c: -self._best.get(c.arm, -np.inf))
        queues = [(self._defaults, self._next_defaults()), (self._variants, by_merit)]
        begun = self._total + len(self._running)
        if begun >= _BREADTH and begun % 2:
            leaders = sorted(self._best, key=lambda arm: -self._best[arm])[:_LEADERS]
            queues.insert(0, (self._variants, [candidate for candidate in by_merit if candidate.arm in leaders]))
        for waiting, queue in queues:
            for candidate in queue:
                if due in (None, candidate.arm.method) and self._fits(candidate):
                    waiting.remove(candidate)
                    return candidate
        return None

    def _next_defaults(self) -> list[Candidate]:
        if self._plan.order is None or not self._defaults:
            return list(self._defaults)
        arms = tuple(dict.fromkeys(candidate.arm for candidate in self._defaults))
        place = {arm: number for number, arm in enumerate(self._plan.order(arms, self._done))}
        return sorted(self._defaults, key=lambda candidate: place[candidate.arm])

    def _baseline_due(self) -> str | None:
        """The no-transfer method whose turn it is: they are never tried less than the most tried transfer method, nor
        less than their share."""
        if not self._plan.baselines:
            return None
        count = self._count + Counter(p.candidate.arm.method for p in self._running.values())
        most = max((n for method, n in count.items() if method not in self._plan.baselines), default=0)
        tried = sum(count[method] for method in self._plan.baselines)
        if tried > most and tried >= _BASELINE_SHARE * count.total():
            return None
        return min(self._plan.baselines, key=lambda method: count[method])

    def _fits(self, candidate: Candidate) -> bool:
        """Whether its method and encoder are known to fit into the time that one trial may take."""
        allowed = min(self._left(), self._plan.limits.seconds or np.inf)
        return self._costs.expected(candidate.arm.method, candidate.encoder) < allowed

    def _start(self, proposal: Proposal) -> None:
        candidate, plan = proposal.candidate, self._plan
        thresholds = {} if proposal.default else self._study.thresholds(self._rivals(candidate.arm.method))
        seconds = min(self._left(), plan.limits.seconds or np.inf)
        job = Job(
            candidate.method,
            candidate.arm.source,
            candidate.encoder,
            plan.folds,
            plan.seed + proposal.number,
            thresholds,
            seconds,
        )
        ticket = self._executor.submit(job, plan.limits)
        self._running[ticket] = proposal

    def _rivals(self, method: str) -> Collection[str]:
        """Methods whose steps and scores a trial is measured by: baselines by baselines, transfer by transfer. Where
        the steps are the method's own, the method alone."""
        if len(self._plan.folds) == 1:
            return (method,)
        mine = method in self._plan.baselines
        return [name for name in self._count if (name in self._plan.baselines) is mine]

    def _finish(self, finished: Finished[Outcome]) -> None:
        proposal = self._running.pop(finished.ticket)
        record = self._record(proposal, finished)
        outcome = finished.outcome
        self._sink(record, outcome)
        steps = {} if outcome is None or record.status is Status.REFUSED else outcome.steps
        self._study.tell(proposal, record, steps)
        self._count[record.choice.method] += 1
        self._total += 1
        self._note(record)

    def _note(self, record: TrialRecord) -> None:
        self._costs.note(record)
        self._done.append(record)
        arm = record.choice.arm
        if record.val_score is not None and record.status is Status.COMPLETE:
            self._best[arm] = max(record.val_score, self._best.get(arm, -np.inf))

    def _record(self, proposal: Proposal, finished: Finished[Outcome]) -> TrialRecord:
        choice, outcome = proposal.candidate.choice(), finished.outcome
        record = TrialRecord(proposal.number, choice, Status.FAILED, seconds=finished.seconds, error=finished.error)
        if outcome is None:
            return record
        if outcome.predictions is None:
            return replace(record, status=Status.PRUNED, fold_scores=outcome.fold_scores)
        score = float(np.mean(outcome.fold_scores)) if outcome.fold_scores else np.nan
        if not np.isfinite(score):
            return replace(record, error="the metric is undefined for its predictions")
        scored = replace(record, val_score=score, fold_scores=outcome.fold_scores, footprint=outcome.footprint)
        scored = replace(scored, kept=outcome.kept)
        refusal = self._plan.bounds.refusal(outcome.footprint)
        if refusal is None and self._plan.keep is not None and choice.source is not None:
            refusal = self._plan.keep.refusal(outcome.kept)
        return replace(scored, status=Status.COMPLETE if refusal is None else Status.REFUSED, error=refusal)
