"""A selector that learns: forecasts for every arm, in turns with the portfolio, no less than it without experience."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.assets import Asset
from autotransfer.belief import beliefs
from autotransfer.data import Dataset, Modality
from autotransfer.experience.row import Row
from autotransfer.experienced import EXPLORATION, ExperienceSelector, in_turns
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.selector import EvidenceSelector, Forecast, choose_selector
from autotransfer.space import METHOD
from autotransfer.task import Source
from autotransfer.trial import Arm

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


@given(st.permutations([Forecast(Arm(str(k), "s"), None, None) for k in range(25)]))
def test_turns(order):
    """Each arm once; after 2k places the first k of both orders are there, if no place was for exploration; and
    every tenth place is for what would come last."""
    portfolio = sorted(order, key=lambda forecast: int(forecast.arm.method))
    mixed = list(in_turns(order, portfolio))
    assert sorted(f.arm for f in mixed) == sorted(f.arm for f in order)
    assert set(order[:4]) | set(portfolio[:4]) <= set(mixed[:8])
    assert mixed[round(1 / EXPLORATION) - 1] == next(f for f in reversed(order) if f not in mixed[:9])


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
