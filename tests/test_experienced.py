"""A selector that learns: forecasts for every arm, corrected by trials; the portfolio where there is no experience."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.belief import beliefs
from autotransfer.data import Dataset, Modality
from autotransfer.experience.row import Row
from autotransfer.experienced import ExperienceSelector
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.selector import EvidenceSelector, Forecast, choose_selector
from autotransfer.space import METHOD
from autotransfer.task import Source
from autotransfer.trial import Arm, Choice, Status, TrialRecord

TARGET = Dataset("t", Modality.FEATURES, np.zeros((8, 5)), np.array([0] * 6 + [1] * 2))
SOURCE = Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, np.zeros((40, 5)), np.zeros(40, int)))
POOL = Source("all", Asset.SOURCE_INPUTS, replace(SOURCE.rows, domain=np.arange(40) % 4))
PROBLEM = Problem("p", TARGET, ("a", "b"), (SOURCE, POOL))
CATALOGUE = load_catalogue(())
FALLBACK = EvidenceSelector(CATALOGUE.estimators, CATALOGUE.methods)
METHODS = ("pooled", "stacking", "coral", "source_only")
ARMS = [Arm("no_transfer"), *(Arm(method, source) for method in METHODS for source in ("s", "all"))]
EVIDENCE = {source: {"mmd": 0.5, "transfer_probe": 0.1} for source in ("s", "all")}


def past(targets: int = 12) -> tuple[Row, ...]:
    """Stacking gains 5 points wherever it is used, source_only loses 8; the distance says nothing."""
    rng = np.random.default_rng(0)
    effects = {"pooled": 1.0, "stacking": 5.0, "coral": 0.0, "source_only": -8.0}
    base = Row("", "", "f", "s", "rows", "", "accuracy", "features", "complete", about={"target_rows": 8.0})
    return tuple(
        replace(
            base,
            task=f"t{number}",
            target=f"t{number}",
            source=source,
            method=method,
            scores={"mmd": float(rng.random())},
            gain=effect + float(rng.normal()),
            seconds=1.0,
        )
        for number in range(targets)
        for source in ("s", "u")
        for method, effect in effects.items()
    )


def test_what_gained_elsewhere_comes_first_and_what_lost_is_risky_but_there():
    ranked = ExperienceSelector(past(), FALLBACK).rank(ARMS, EVIDENCE, PROBLEM)
    assert sorted(map(str, (f.arm for f in ranked))) == sorted(map(str, ARMS))
    assert ranked[0].arm == Arm("no_transfer")
    assert ranked[1].arm.method == "stacking"
    by_arm = {forecast.arm: forecast for forecast in ranked}
    good, bad = by_arm[Arm("stacking", "s")], by_arm[Arm("source_only", "s")]
    assert good.risk is not None
    assert bad.risk is not None
    assert good.risk < 0.2
    assert bad.risk > 0.8
    for forecast in ranked[1:]:
        assert forecast.low is not None
        assert forecast.high is not None
        assert forecast.gain is not None
        assert forecast.low <= forecast.gain <= forecast.high
        assert forecast.reason


@pytest.mark.parametrize("rows", [(), past(2)])
def test_too_little_experience_leaves_the_portfolio_alone(rows):
    ranked = ExperienceSelector(rows, FALLBACK).rank(ARMS, EVIDENCE, PROBLEM)
    assert ranked == FALLBACK.rank(ARMS, EVIDENCE, PROBLEM)


def fickle(targets: int = 40) -> tuple[Row, ...]:
    """What a method gains differs from target to target, by ten points, and is the same with both sources."""
    rng = np.random.default_rng(1)
    gains = [dict(zip(METHODS, rng.normal(0, 10, len(METHODS)), strict=True)) for _ in range(targets)]
    rows = [row for row in past(targets) if row.method in METHODS]
    return tuple(replace(row, gain=gains[int(row.task[1:])][row.method]) for row in rows)


def test_the_plan_learns_from_trials():
    """Once a method has lost 20 points with one source, with the other it comes last."""
    plan = ExperienceSelector(fickle(), FALLBACK).plan(ARMS, EVIDENCE, PROBLEM)
    assert plan.chooser is not None
    base = TrialRecord(0, Choice("no_transfer", None, "e", {}), Status.COMPLETE, 0.7)
    lost = TrialRecord(1, Choice("stacking", "s", "e", {}), Status.COMPLETE, 0.5)
    waiting = [arm for arm in ARMS if arm.source is not None and arm != Arm("stacking", "s")]
    before = plan.chooser.order(waiting, [base], "accuracy")
    after = plan.chooser.order(waiting, [base, lost], "accuracy")
    assert after[-1] == Arm("stacking", "all")
    assert set(before) == set(after) == set(waiting)


def test_networks_that_were_never_timed_wait():
    """A method that loads torch and that experience does not know is taken to need twenty times the usual seconds."""
    arms = [*ARMS, Arm("dann", "s")]
    ranked = ExperienceSelector(past(), FALLBACK).rank(arms, EVIDENCE, PROBLEM)
    assert ranked[-1].arm == Arm("dann", "s")


def test_the_settings_say_which():
    assert isinstance(choose_selector(CATALOGUE), EvidenceSelector)
    assert isinstance(choose_selector(CATALOGUE, "experience"), ExperienceSelector)


def test_beliefs_weigh_risk_and_place():
    """(1 - risk) / place; a method has its best arm's weight and its quickest arm's seconds."""
    told = [
        Forecast(Arm("no_transfer"), None, None),
        Forecast(Arm("pooled", "s"), 0.1, 0.2, 0.0, 0.2, seconds=3.0),
        Forecast(Arm("coral", "s"), 0.1, 0.9, 0.0, 0.2, seconds=5.0),
        Forecast(Arm("pooled", "all"), 0.1, 0.1, 0.0, 0.2, seconds=2.0),
    ]
    weights, seconds = beliefs(told)
    assert weights["pooled/@source"] == pytest.approx({"s": 0.8, "all": 0.3})
    assert weights[METHOD] == pytest.approx({"pooled": 0.8, "coral": 0.05, "no_transfer": 1.0})
    assert seconds == {METHOD: {"pooled": 2.0, "coral": 5.0}}


def test_no_forecast_no_belief():
    assert beliefs([Forecast(Arm("pooled", "s"), 0.1, 0.2)]) == ({}, {})
