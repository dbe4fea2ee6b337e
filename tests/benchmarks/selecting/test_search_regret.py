"""Regret on outcome tables: its ends, its monotony, and orders that hold each arm once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autotransfer.experience.lessons import Learned
from autotransfer.experience.row import Row
from autotransfer.foresight.arms import Outlook
from autotransfer.foresight.pursuit import Pursuit
from benchmarks.selecting import own_experience, search_regret
from benchmarks.selecting.held_out import Told

ROW = Row(
    "t", "d", "f", "s", "rows", "pooled", "accuracy", "table", "complete", scores={"transfer_probe": 0.1}, gain=1.0
)
ARMS = [
    ROW,
    replace(ROW, source="all", kind="pool", gain=5.0),
    replace(ROW, method="coral", gain=-3.0),
    replace(ROW, method="weighted_pooling", gain=2.0),
    replace(ROW, method="weighted_pooling", source="all", kind="pool", gain=3.0),
]

PLAYS = [lambda: search_regret._tpe(ARMS, 0), lambda: search_regret._random(np.arange(5.0), 0)]


def test_regret_by_hand():
    """Best 5, worst -3: after the first arm (gain 1) half of 8 points are missing, after the second none."""
    found = search_regret.curve(search_regret.gains(ARMS), np.arange(5))
    assert found[1] == pytest.approx(4 / 8)
    assert set(found.values()) == {0.5, 0.0}
    nothing = search_regret.curve(search_regret.gains(ARMS), np.empty(0, int))
    assert set(nothing.values()) == {5 / 8}


@pytest.mark.parametrize("play", PLAYS)
def test_regret_falls_to_nothing_in_a_small_table(play):
    values = list(play().values())
    assert values == sorted(values, reverse=True)
    assert values[-1] == 0.0


def test_orders_hold_every_arm_once():
    selector = search_regret._by_evidence()
    evidence = search_regret.evidence_order(selector, ARMS)
    assert sorted(evidence.tolist()) == [0, 1, 2, 3, 4]
    pursuit = Pursuit(np.arange(5.0), np.eye(5), 5.0, 0.0)
    pursued = search_regret.pursued(Learned((), pursuit, np.zeros(5, bool)), search_regret.gains(ARMS))
    assert sorted(pursued.tolist()) == [0, 1, 2, 3, 4]
    assert pursued[0] == 4


def test_always_transfer_pools_all_sources_or_fine_tunes_the_first_network():
    assert search_regret._always(ARMS).tolist() == [4]
    networks = [replace(ROW, method=m, source=s, kind="encoder") for s in ("r", "v") for m in ("lora", "fine_tuning")]
    assert search_regret._always(networks).tolist() == [1]


def test_reliability_of_true_forecasts_is_the_diagonal():
    rng = np.random.default_rng(0)
    risk = rng.random(20_000)
    gain = np.where(rng.random(20_000) < risk, -5.0, 5.0)

    outlooks = tuple(Outlook(0.0, 0.0, 0.0, 0.9, each, 1, None, False, "") for each in risk.tolist())
    told = Told(outlooks, gain, np.full(20_000, 0.5), np.full(20_000, "d", dtype=object), 1.0)
    for each in own_experience.reliability(told):
        assert each["arms"] == 2000
        assert each["negative"] == pytest.approx(each["risk"], abs=0.04)
