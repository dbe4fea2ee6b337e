"""The search loop with an executor that a test steers: nothing is fitted, time stands still unless it is moved."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from autotransfer import explore
from autotransfer.assets import Asset
from autotransfer.evaluate import Outcome
from autotransfer.executors.executor import Executor, Finished, Limits
from autotransfer.explore import Explorer, Plan
from autotransfer.footprint import Bounds, Footprint
from autotransfer.kept import KeepSource, Kept
from autotransfer.method import Method
from autotransfer.metrics import METRICS
from autotransfer.search import Study, sampler_maker
from autotransfer.space import Space
from autotransfer.splits import Fold
from autotransfer.trial import Arm, Status

FOLDS = tuple(Fold(np.array([index]), np.array([1 - index])) for index in range(2))


class Fake(Method):
    """Never fitted here."""

    reference: ClassVar[str] = "none"

    def fit(self, task, source, ctx):
        raise AssertionError("no method is fitted in these tests")

    @classmethod
    def suggest(cls, suggest):
        return cls(suggest.suggest_float("x", 0.0, 1.0))


@dataclass(frozen=True)
class Base(Fake):
    name: ClassVar[str] = "base"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS
    x: float = 0.5


@dataclass(frozen=True)
class First(Fake):
    name: ClassVar[str] = "first"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    x: float = 0.5


@dataclass(frozen=True)
class Second(Fake):
    name: ClassVar[str] = "second"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    x: float = 0.5


METHODS = {"base": Base, "first": First, "second": Second}
ARMS = (Arm("base"), Arm("first", "s"), Arm("first", "t"), Arm("second", "s"))
SPACE = Space(ARMS, METHODS, dict.fromkeys(ARMS, ("e", "f")))
DEFAULTS = [SPACE.default(arm, encoder) for encoder in ("e", "f") for arm in ARMS]


@dataclass
class Clock:
    """Stands in for the time module."""

    now: float = 100.0

    def monotonic(self) -> float:
        return self.now


class Steered(Executor):
    """``answer(job)`` gives (outcome, error, seconds); jobs end in the order of submission, one a wait."""

    def __init__(self, clock: Clock, answer=None, capacity: int = 1) -> None:
        self.clock, self.size = clock, capacity
        self.answer = answer or (lambda job: (scored(0.5), None, 1.0))
        self.jobs, self.limits, self.open = [], [], deque()
        self.most_open = 0
        self.abandoned = 0

    @property
    def capacity(self) -> int:
        return self.size

    def submit(self, job, limits: Limits) -> int:
        assert len(self.open) < self.size
        self.jobs.append(job)
        self.limits.append(limits)
        self.open.append(len(self.jobs) - 1)
        self.most_open = max(self.most_open, len(self.open))
        return len(self.jobs) - 1

    def wait(self, seconds: float) -> list[Finished]:
        assert seconds >= 0
        if not self.open:
            return []
        ticket = self.open.popleft()
        outcome, error, spent = self.answer(self.jobs[ticket])
        self.clock.now += spent
        return [Finished(ticket, outcome, error, spent)]

    def abandon(self) -> None:
        self.open.clear()
        self.abandoned += 1

    def close(self) -> None:
        self.abandon()


def scored(*fold_scores: float) -> Outcome:
    return Outcome(np.zeros(2), fold_scores, dict(enumerate(fold_scores)))


@pytest.fixture
def clock(monkeypatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(explore, "time", stopped)
    return stopped


def study() -> Study:
    return Study(SPACE, sampler_maker("random", 0, {}), None, "name")


PLAN = Plan(FOLDS, DEFAULTS, ("base",), 1e9, Limits(50.0, None), 30, seed=5)


def explored(clock: Clock, executor: Steered | None = None, known: Study | None = None, **changes):
    """(records in order of their end, what the sink was told)."""
    known, told = known or study(), []
    executor = executor or Steered(clock)
    plan = replace(PLAN, **changes)
    Explorer(known, executor, plan, lambda record, outcome: told.append((record, outcome))).run()
    return [record for record, _ in told], told


@pytest.mark.parametrize("capacity", [1, 3])
@pytest.mark.parametrize("fails", [False, True])
def test_the_baseline_is_never_tried_less_than_any_transfer_method(clock, capacity, fails):
    """At the start of each job, trials begun of the baseline >= those of every other method, whatever becomes of it."""
    answer = (lambda job: (None, "broken", 1.0)) if fails else None
    executor = Steered(clock, answer, capacity)
    explored(clock, executor, trials=60)
    begun = Counter()
    for job in executor.jobs:
        begun[job.method.name] += 1
        assert begun["base"] >= max(begun["first"], begun["second"])
    assert executor.most_open == capacity


@pytest.mark.parametrize("capacity", [1, 3])
def test_the_baseline_gets_an_eighth_of_all_trials_at_least(clock, capacity):
    """At the start of each job, trials begun of the baseline >= 1/8 of all, however many methods compete with it."""
    crowd_of = {f"m{k}": dataclass(frozen=True)(type(f"M{k}", (First,), {"name": f"m{k}"})) for k in range(30)}
    kinds = {"base": Base, **crowd_of}
    arms = (Arm("base"), *(Arm(name, "s") for name in kinds if name != "base"))
    space = Space(arms, kinds, dict.fromkeys(arms, ("e",)))
    crowd = Study(space, sampler_maker("random", 0, {}), None, "name")
    executor = Steered(clock, capacity=capacity)
    defaults = [space.default(arm, "e") for arm in arms]
    explored(clock, executor, known=crowd, defaults=defaults, trials=60)
    names = [job.method.name for job in executor.jobs]
    assert set(names) == set(kinds)
    for count in range(1, len(names) + 1):
        assert names[:count].count("base") >= (count - 1) / 8


def test_defaults_come_first_in_their_order(clock):
    records, _ = explored(clock, trials=40)
    defaults = [(c.arm, c.encoder) for c in DEFAULTS]
    tried = [(r.choice.arm, r.choice.encoder) for r in records if r.choice.params == {"x": 0.5}]
    assert sorted(tried, key=defaults.index) == sorted(defaults, key=defaults.index)
    transfer = [key for key in tried if key[0].method != "base"]
    assert transfer == [key for key in defaults if key[0].method != "base"]
    last = max(index for index, r in enumerate(records) if r.choice.params == {"x": 0.5})
    sampled = [r for r in records[:last] if r.choice.params != {"x": 0.5}]
    assert {r.choice.method for r in sampled} <= {"base"}  # only the baseline's turns come between


@pytest.mark.parametrize("capacity", [1, 4])
@pytest.mark.parametrize("trials", [1, 7, 23])
def test_the_limit_of_trials_is_exact(clock, capacity, trials):
    executor = Steered(clock, None, capacity)
    records, _ = explored(clock, executor, trials=trials)
    assert len(records) == len(executor.jobs) == trials
    assert sorted(r.number for r in records) == list(range(trials))


def test_resumed_trials_count_and_their_defaults_are_not_repeated(clock):
    known = study()
    first, _ = explored(clock, known=known, trials=5)
    second, _ = explored(clock, known=known, trials=12)
    assert len(first) + len(second) == 12
    keys = [(r.choice.arm, r.choice.encoder) for r in first + second if r.choice.params == {"x": 0.5}]
    assert len(keys) == len(set(keys)) == len(DEFAULTS)
    assert explored(clock, known=known, trials=12) == ([], [])


def test_defaults_only_stops_when_they_are_done(clock):
    records, _ = explored(clock, defaults=DEFAULTS[:1] + DEFAULTS[4:5], defaults_only=True, trials=None)
    assert [(r.choice.method, r.choice.encoder) for r in records] == [("base", "e"), ("base", "f")]


def test_other_encoders_follow_the_defaults_those_of_the_best_arms_first(clock):
    """All defaults, then variants by the best score of their arm so far."""
    scores = {("first", "s"): 0.25, ("first", "t"): 0.75, ("second", "s"): 0.5, ("base", None): 0.125}
    executor = Steered(clock, lambda job: (scored(scores[job.method.name, job.source]), None, 1.0))
    defaults, variants = DEFAULTS[:4], DEFAULTS[4:]
    records, _ = explored(clock, executor, defaults=defaults, variants=variants, trials=20)
    transfer = [r for r in records if r.choice.method != "base" and r.choice.params == {"x": 0.5}]
    assert [(r.choice.arm, r.choice.encoder) for r in transfer] == [
        (ARMS[1], "e"),
        (ARMS[2], "e"),
        (ARMS[3], "e"),
        (ARMS[2], "f"),
        (ARMS[3], "f"),
        (ARMS[1], "f"),
    ]


def test_leading_arms_get_their_other_encoders_before_many_defaults_are_done(clock):
    """With 100 arms, from the 40th trial on every second one is a variant of an arm among the five best so far, while
    there is one."""
    crowd_of = {f"m{k}": dataclass(frozen=True)(type(f"M{k}", (First,), {"name": f"m{k}"})) for k in range(100)}
    arms = tuple(Arm(name, "s") for name in crowd_of)
    space = Space(arms, crowd_of, dict.fromkeys(arms, ("e", "f")))
    defaults, variants = ([space.default(arm, encoder) for arm in arms] for encoder in ("e", "f"))
    executor = Steered(clock, lambda job: (scored(0.9 if job.method.name in ("m7", "m21") else 0.5), None, 1.0))
    known = Study(space, sampler_maker("random", 0, {}), None, "name")
    explored(clock, executor, known=known, defaults=defaults, variants=variants, baselines=(), trials=48)
    tried = [(job.method.name, job.encoder) for job in executor.jobs]
    assert tried[:40] == [(f"m{k}", "e") for k in range(40)]
    assert [encoder for _, encoder in tried[40:]] == ["e", "f"] * 4
    assert [name for name, encoder in tried if encoder == "f"][:2] == ["m7", "m21"]


def test_the_deadline_ends_the_search_and_unfinished_trials_leave_no_record(clock):
    """With jobs of 10 s and 35 s left, three end in time; the fourth is given up when the time is over."""
    known = study()
    executor = Steered(clock, lambda job: (scored(0.5), None, 10.0), 2)
    executor.wait = never_after(executor, clock, clock.now + 35)
    records, _ = explored(clock, executor, known=known, deadline=clock.now + 35, trials=None)
    assert len(records) == 3
    assert [r.number for r in known.records()] == [r.number for r in records]
    assert executor.abandoned == 1
    assert known.ask().number >= len(executor.jobs)


def never_after(executor: Steered, clock: Clock, moment: float):
    """A wait in which a job that would end after ``moment`` does not end: time passes instead."""

    def wait(seconds: float) -> list[Finished]:
        if clock.now + 10.0 > moment:
            clock.now += seconds
            return []
        return Steered.wait(executor, seconds)

    return wait


def test_a_job_gets_no_more_than_the_time_that_is_left(clock):
    executor = Steered(clock, lambda job: (scored(0.5), None, 8.0))
    explored(clock, executor, deadline=clock.now + 60, trials=None)
    assert [job.seconds for job in executor.jobs[:2]] == [50.0, 50.0]
    assert all(job.seconds <= 60 - 8 * index for index, job in enumerate(executor.jobs))
    assert all(job.seconds > 0 for job in executor.jobs)


def test_what_cannot_end_in_time_gives_way(clock):
    """Once ``first`` is known to need more than is allowed, its further defaults wait for ever."""
    executor = Steered(
        clock, lambda job: (None, "took longer", 50.0) if job.method.name == "first" else (scored(0.5), None, 1.0)
    )
    explored(clock, executor, deadline=clock.now + 120, trials=30)
    tried = [(job.source, job.encoder) for job in executor.jobs if job.method == First()]
    assert tried[0] == ("s", "e")
    assert ("t", "e") not in tried


def test_seeds_of_trials_differ_and_rest_on_the_plan(clock):
    executor = Steered(clock)
    records, _ = explored(clock, executor, trials=6)
    assert [job.seed for job in executor.jobs] == [5 + record.number for record in records]


def test_the_first_try_of_an_arm_is_never_pruned(clock):
    executor = Steered(clock)
    explored(clock, executor, trials=60)
    for job in executor.jobs:
        if job.method.params() == {"x": 0.5}:
            assert not job.thresholds
    late = [job for job in executor.jobs if job.method.params() != {"x": 0.5}][-1]
    assert set(late.thresholds) <= {1}


def test_the_end_of_a_trial_is_recorded_as_it_was(clock):
    """Complete with the mean of its folds, pruned with the folds so far, failed with the reason."""
    ends = [
        (scored(0.25, 0.75), None, 2.0),
        (Outcome(None, (0.125,), {0: 0.125}), None, 1.0),
        (None, "worker died", 3.0),
        (scored(0.5, float("nan")), None, 1.0),
    ]
    answers = iter(ends)
    records, told = explored(clock, Steered(clock, lambda job: next(answers)), trials=4)
    assert [r.status for r in records] == [Status.COMPLETE, Status.PRUNED, Status.FAILED, Status.FAILED]
    assert [r.val_score for r in records] == [0.5, None, None, None]
    assert records[1].fold_scores == (0.125,)
    assert records[2].error == "worker died"
    assert "undefined" in records[3].error
    assert [r.seconds for r in records] == [2.0, 1.0, 3.0, 1.0]
    assert [outcome for _, outcome in told] == [end[0] for end in ends]


def test_a_model_beyond_the_bounds_is_refused_with_its_score(clock):
    """It is told to the sampler without a value, and its steps make no threshold."""
    sizes = iter([10, 11, 10])
    known = study()

    def answer(job):
        outcome = replace(scored(0.25, 0.75), footprint=Footprint(next(sizes), 0, 0.0))
        return outcome, None, 1.0

    records, _ = explored(clock, Steered(clock, answer), known, trials=3, bounds=Bounds(10))
    assert [r.status for r in records] == [Status.COMPLETE, Status.REFUSED, Status.COMPLETE]
    assert [r.val_score for r in records] == [0.5, 0.5, 0.5]
    assert [r.error for r in records] == [None, "11 parameters are more than --max-params 10", None]
    states = [trial.state.name for trial in known._methods.get_trials() if trial.state.is_finished()]
    assert states == ["COMPLETE", "PRUNED", "COMPLETE"]


def test_a_model_that_forgot_too_much_is_refused_and_one_without_a_source_is_not(clock):
    """Of trials with a source 4 and 6 points are lost, and an unknown number; of the baseline nothing is known."""
    kept = iter([Kept("x", 0.9, 0.86), Kept("x", 0.9, 0.84), None])
    keep = KeepSource(5.0, METRICS["accuracy"])

    def answer(job):
        return replace(scored(0.25, 0.75), kept=None if job.source is None else next(kept)), None, 1.0

    records, _ = explored(clock, Steered(clock, answer), defaults=DEFAULTS[:4], defaults_only=True, keep=keep)
    assert {r.status for r in records if r.choice.source is None} == {Status.COMPLETE}
    others = [r for r in records if r.choice.source is not None]
    assert [r.status for r in others] == [Status.COMPLETE, Status.REFUSED, Status.REFUSED]
    assert others[0].kept == Kept("x", 0.9, 0.86)
    assert "--keep-source 5 allows" in others[1].error


def test_an_interruption_gives_up_what_runs_and_keeps_what_ended(clock):
    known = study()
    count = iter(range(100))

    def answer(job):
        if next(count) == 3:
            raise KeyboardInterrupt
        return scored(0.5), None, 1.0

    executor = Steered(clock, answer, 3)
    with pytest.raises(KeyboardInterrupt):
        explored(clock, executor, known=known)
    assert len(known.records()) == 3
    assert not executor.open
    more, _ = explored(clock, known=known, trials=8)
    assert len(known.records()) == 8
    assert not {r.number for r in more} & set(range(3))
