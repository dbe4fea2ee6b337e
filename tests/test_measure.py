"""Estimates for every source; what fails or has no time costs itself alone."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder
from autotransfer.errors import OutOfTimeError
from autotransfer.features import FeatureCache
from autotransfer.measure import judge_encoders, measure
from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.predictor import Predictor
from autotransfer.problem import Problem
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.space import Space
from autotransfer.task import Context, Source
from autotransfer.trial import Arm

CATALOGUE = load_catalogue(())
LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@dataclass(frozen=True)
class Doubling(Encoder):
    """Features times two."""

    name: ClassVar[str] = "doubling"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "none"
    learns: ClassVar[bool] = False

    def fit(self, data):
        return SimpleNamespace(transform=lambda data: 2 * data.X)

    def restore(self, state):
        raise NotImplementedError


class ReadsWords(Predictor):
    """Certain of the class that the column ``word`` names."""

    def predict(self, data):
        return np.eye(2)[(data.inputs["word"] == "b").to_numpy().astype(int)]

    def state(self):
        raise NotImplementedError

    @classmethod
    def restore(cls, state):
        raise NotImplementedError


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
    takes: float = 1.0
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

    @property
    def seconds(self):
        return self.takes

    def estimate(self, task, source, ctx):
        for calls in self.log:
            calls.append((self.title, source.name, len(task.train), len(source.rows), task.train.modality))
        if isinstance(self.what, BaseException):
            raise self.what
        return self.what


def measured(*estimators: Says, offers=(LABELED, LABELED), context: Context | None = None, spare: float = math.inf):
    bench, space = setting(*offers)
    return measure(bench, space, {e.name: e for e in estimators}, context or Context(), spare=spare)


def test_each_estimator_sees_all_labelled_rows_and_each_source_encoded():
    calls: list[tuple] = []
    found = measured(Says(0.5, log=(calls,)), Says(1, "other", log=(calls,)))
    assert found.evidence == {source: {"says": 0.5, "other": 1.0} for source in ("s0", "s1")}
    assert found.notes == ()
    assert found.reasons == {"s0": {}, "s1": {}}
    assert set(calls) == {
        (name, source, 20, 30, Modality.FEATURES) for name in ("says", "other") for source in ("s0", "s1")
    }


@pytest.mark.parametrize("error", [ValueError("two\nlines"), ZeroDivisionError(), MemoryError("big")])
def test_a_broken_estimator_costs_its_own_estimate(error):
    found = measured(Says(error, "broken"), Says(0.25))
    assert found.evidence["s0"] == {"broken": None, "says": 0.25}
    assert len(found.notes) == 2
    assert all(note.startswith("broken on s") and type(error).__name__ in note for note in found.notes)
    assert found.reasons["s1"] == {"broken": f"it failed: {type(error).__name__}"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_an_undefined_value_is_none_without_a_note(value):
    found = measured(Says(value))
    assert found.evidence["s0"] == {"says": None}
    assert found.reasons["s0"] == {"says": "undefined for these rows"}
    assert found.notes == ()


def test_what_an_estimator_lacks_is_not_asked_for():
    found = measured(Says(1.0, lacks=Asset.SOURCE_LABELS), offers=(LABELED, Asset.SOURCE_INPUTS))
    assert found.evidence == {"s0": {"says": 1.0}, "s1": {"says": None}}
    assert found.reasons == {"s0": {}, "s1": {"says": "no value without labels in the source"}}
    assert found.notes == ()


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


def test_the_rest_is_measured_the_quickest_first_each_for_all_sources():
    calls: list[tuple] = []
    measured(Says(1.0, "slow", log=(calls,), takes=3.0), Says(1.0, "quick", log=(calls,), takes=0.1))
    assert [(name, source) for name, source, *_ in calls] == [
        ("quick", "s0"),
        ("quick", "s1"),
        ("slow", "s0"),
        ("slow", "s1"),
    ]


def test_without_time_to_spare_only_what_the_selector_reads_is_measured():
    calls: list[tuple] = []
    gain, plain = Says(1.0, "gain", task_role=Role.GAIN, log=(calls,)), Says(1.0, "plain", log=(calls,))
    found = measured(plain, gain, spare=0.0)
    assert {name for name, *_ in calls} == {"gain"}
    assert found.evidence == {source: {"plain": None, "gain": 1.0} for source in ("s0", "s1")}
    assert "the decision does not read it" in found.reasons["s0"]["plain"]
    (note,) = found.notes
    assert note.startswith("not measured on s0, s1 (the decision does not read it")
    assert note.endswith(": plain")


def test_what_declares_to_take_longer_than_there_is_to_spare_is_not_begun():
    calls: list[tuple] = []
    slow, quick = Says(1.0, "slow", log=(calls,), takes=90.0), Says(1.0, "quick", log=(calls,), takes=0.1)
    found = measured(slow, quick, spare=60.0)
    assert {name for name, *_ in calls} == {"quick"}
    assert found.evidence["s0"] == {"slow": None, "quick": 1.0}
    assert measured(slow, quick).evidence["s0"] == {"slow": 1.0, "quick": 1.0}


def test_an_estimate_that_would_not_fit_is_not_begun(monkeypatch):
    """On a clock on which every estimate takes 2 s, 3 s are enough for the first source alone."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    class Slow(Says):
        def estimate(self, task, source, ctx):
            now[0] += 2.0
            return super().estimate(task, source, ctx)

    found = measured(Slow(1.0), spare=3.0)
    assert found.evidence == {"s0": {"says": 1.0}, "s1": {"says": None}}
    assert now[0] == 102.0


def test_without_time_there_is_a_note_and_nothing_is_computed():
    calls: list[tuple] = []
    late = Context(deadline=time.monotonic() - 1)
    found = measured(Says(1.0, log=(calls,)), Says(1.0, "other", log=(calls,)), context=late)
    assert found.evidence == {source: {"says": None, "other": None} for source in ("s0", "s1")}
    assert calls == []
    assert found.notes == ("not measured on s0, s1 (no time left): says, other",)


def test_an_estimator_that_runs_out_of_time_says_so():
    found = measured(Says(OutOfTimeError("spent")), offers=(LABELED,))
    assert found.notes == ("not measured on s0 (no time left): says",)


def test_all_installed_estimators_give_finite_numbers_here():
    bench, space = setting(LABELED)
    found = measure(bench, space, CATALOGUE.estimators, Context())
    assert found.notes == ()
    assert set(found.evidence["s0"]) == set(CATALOGUE.estimators)
    values = {name: value for name, value in found.evidence["s0"].items() if value is not None}
    assert all(np.isfinite(value) for value in values.values())
    assert set(values) | set(found.reasons["s0"]) == set(CATALOGUE.estimators)
    assert len(values) >= 15
    assert "a pretrained encoder" in found.reasons["s0"]["logme"]
    assert "a prediction head" in found.reasons["s0"]["leep"]


def test_rows_that_are_kept_for_the_guard_are_not_looked_at():
    calls: list[tuple] = []
    bench, space = setting(LABELED)
    measure(bench, space, {"says": Says(log=(calls,))}, Context(), np.arange(12))
    assert [n_rows for _, _, n_rows, _, _ in calls] == [12]


def test_rows_are_seen_by_the_sources_own_encoder():
    """Twice the rows: what the encoder of the source makes of them, not what the run's first one would."""
    bench, space = setting(LABELED)
    encoder = Doubling()
    source = Source("model", Asset.PRETRAINED, encoder=encoder)
    bench = replace(bench, problem=replace(bench.problem, sources=(source,)))
    arm = Arm("linear_probe", "model")
    space = Space((arm,), CATALOGUE.methods, {arm: ()})
    seen: list[np.ndarray] = []

    class Looks(Says):
        def estimate(self, task, source, ctx):
            seen.append(task.train.X)
            return 1.0

    found = measure(bench, space, {"says": Looks(lacks=Asset.PRETRAINED)}, Context())
    assert found.evidence == {"model": {"says": 1.0}}
    np.testing.assert_array_equal(seen[0], 2 * bench.problem.target.X)


def test_a_head_is_given_rows_as_they_are():
    """LEEP of a head that knows the table's columns: rows are not encoded for it."""
    frame = pd.DataFrame({"x": np.arange(20.0), "word": ["a", "b"] * 10})
    target = Dataset("t", Modality.TABLE, frame, np.arange(20) % 2)
    source = Source("model", Asset.SOURCE_HEAD | LABELED, target, ("a", "b"), head=ReadsWords())
    problem = Problem("p", target, ("a", "b"), (source,))
    encoders = {encoder.name: encoder for encoder in CATALOGUE.encoders}
    bench = Bench(problem, encoders, FeatureCache(None), METRICS["accuracy"])
    arm = Arm("pooled", "model")
    space = Space((arm,), CATALOGUE.methods, {arm: ("table",)})
    names = ("leep", "nce", "mmd")
    found = measure(bench, space, {name: CATALOGUE.estimators[name] for name in names}, Context())
    assert found.reasons == {"model": {}}
    assert found.evidence["model"]["leep"] == pytest.approx(0.0)
    assert found.evidence["model"]["nce"] == pytest.approx(0.0)


def test_own_encoders_are_judged_as_if_a_source_brought_them():
    """Only by estimators that look at nothing but the encoder; sources of rows have no part in it."""
    calls: list[tuple] = []
    bench, space = setting(LABELED)
    space = replace(space, encoders=dict.fromkeys(space.arms, ("standard", "unit")))
    judge = Says(0.5, "judge", Asset.PRETRAINED | Asset.TARGET_LABELS)
    others = [Says(1.0, "rows", log=(calls,)), Says(1.0, "head", Asset.SOURCE_HEAD, log=(calls,))]
    found = judge_encoders(bench, space, {e.name: e for e in (judge, *others)}, Context())
    assert found.evidence == {"standard": {"judge": 0.5}, "unit": {"judge": 0.5}}
    assert calls == []
    assert set(judge_encoders(bench, space, CATALOGUE.estimators, Context()).evidence["unit"]) >= {"logme", "parc"}
