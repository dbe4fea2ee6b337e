"""Estimates for every source; what fails or has no time costs itself alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.features import FeatureCache
from autotransfer.measure import measure
from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.space import Space
from autotransfer.task import Context, Source
from autotransfer.trial import Arm

CATALOGUE = load_catalogue(())
LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def rows(n: int, seed: int) -> Dataset:
    rng = np.random.default_rng(seed)
    return Dataset(f"d{seed}", Modality.FEATURES, rng.normal(size=(n, 3)).astype(np.float32), np.arange(n) % 2)


def setting(*offers: Asset) -> tuple[Bench, Space]:
    sources = tuple(Source(f"s{i}", offer, rows(30, i + 1), ("a", "b")) for i, offer in enumerate(offers))
    problem = Problem("p", rows(20, 0), ("a", "b"), sources)
    encoders = {encoder.name: encoder for encoder in CATALOGUE.encoders}
    arms = (Arm("no_transfer"), *(Arm("pooled", source.name) for source in sources))
    bench = Bench(problem, encoders, FeatureCache(None), METRICS["accuracy"])
    return bench, Space(arms, CATALOGUE.methods, dict.fromkeys(arms, ("standard",)))


@dataclass(frozen=True)
class Says(RelatednessEstimator):
    """``what`` is a value, or an exception to raise."""

    what: object = 0.5
    title: str = "says"
    lacks: Asset = Asset.SOURCE_INPUTS
    task_role: Role = Role.EVIDENCE
    log: tuple = ()
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "none"
    cost: ClassVar[str] = "none"
    meaning: ClassVar[str] = "none"
    reference: ClassVar[str] = "none"

    @property
    def name(self):
        return self.title

    @property
    def needs(self):
        return self.lacks

    @property
    def role(self):
        return self.task_role

    def estimate(self, task, source, ctx):
        for calls in self.log:
            calls.append((self.title, source.name, len(task.train), len(source.rows), task.train.modality))
        if isinstance(self.what, BaseException):
            raise self.what
        return self.what


def measured(*estimators: Says, offers=(LABELED, LABELED), context: Context | None = None):
    bench, space = setting(*offers)
    return measure(bench, space, {e.name: e for e in estimators}, context or Context())


def test_each_estimator_sees_all_labelled_rows_and_each_source_encoded():
    calls: list[tuple] = []
    evidence, notes = measured(Says(0.5, log=(calls,)), Says(1, "other", log=(calls,)))
    assert evidence == {source: {"says": 0.5, "other": 1.0} for source in ("s0", "s1")}
    assert notes == ()
    assert set(calls) == {
        (name, source, 20, 30, Modality.FEATURES) for name in ("says", "other") for source in ("s0", "s1")
    }


@pytest.mark.parametrize("error", [ValueError("two\nlines"), ZeroDivisionError(), MemoryError("big")])
def test_a_broken_estimator_costs_its_own_estimate(error):
    evidence, notes = measured(Says(error, "broken"), Says(0.25))
    assert evidence["s0"] == {"broken": None, "says": 0.25}
    assert len(notes) == 2
    assert all(note.startswith("broken on s") and type(error).__name__ in note for note in notes)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_an_undefined_value_is_none_without_a_note(value):
    evidence, notes = measured(Says(value))
    assert evidence["s0"] == {"says": None}
    assert notes == ()


def test_what_an_estimator_lacks_is_not_asked_for():
    evidence, notes = measured(Says(1.0, lacks=Asset.SOURCE_LABELS), offers=(LABELED, Asset.SOURCE_INPUTS))
    assert evidence == {"s0": {"says": 1.0}, "s1": {"says": None}}
    assert notes == ()


def test_what_the_selector_reads_is_measured_first_for_all_sources():
    calls: list[tuple] = []
    measured(
        Says(1.0, "plain", log=(calls,)),
        Says(1.0, "gain", task_role=Role.GAIN, log=(calls,)),
        Says(1.0, "risk", task_role=Role.RISK, log=(calls,)),
    )
    assert [(name, source) for name, source, *_ in calls] == [
        ("gain", "s0"),
        ("risk", "s0"),
        ("gain", "s1"),
        ("risk", "s1"),
        ("plain", "s0"),
        ("plain", "s1"),
    ]


def test_without_time_there_is_a_note_and_nothing_is_computed():
    calls: list[tuple] = []
    late = Context(deadline=time.monotonic() - 1)
    evidence, notes = measured(Says(1.0, log=(calls,)), context=late)
    assert evidence == {"s0": {"says": None}, "s1": {"says": None}}
    assert calls == []
    assert notes == ("says on s0: no time left", "says on s1: no time left")


def test_an_estimator_that_runs_out_of_time_says_so():
    _, notes = measured(Says(OutOfTimeError("spent")), offers=(LABELED,))
    assert notes == ("says on s0: no time left",)


def test_all_installed_estimators_give_finite_numbers_here():
    bench, space = setting(LABELED)
    evidence, notes = measure(bench, space, CATALOGUE.estimators, Context())
    assert notes == ()
    assert set(evidence["s0"]) == set(CATALOGUE.estimators)
    assert all(np.isfinite(value) for value in evidence["s0"].values() if value is not None)
    assert sum(value is not None for value in evidence["s0"].values()) >= 5


def test_rows_that_are_kept_for_the_guard_are_not_looked_at():
    calls: list[tuple] = []
    bench, space = setting(LABELED)
    measure(bench, space, {"says": Says(log=(calls,))}, Context(), np.arange(12))
    assert [n_rows for _, _, n_rows, _, _ in calls] == [12]
