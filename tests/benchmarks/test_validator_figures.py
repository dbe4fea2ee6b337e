"""Figures of validators, from candidates whose truth is made up."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.label_free import Judged
from benchmarks.validator_figures import Pick, by_family, chosen_elsewhere, correlation, known_errors, picks, summary


def judged(pair, family, truths, scores, *, regression=False, reference=0, rounds=1):
    """One pair: candidates with these truths, and validator -> their scores."""
    return [
        Judged(
            pair,
            family,
            0,
            regression,
            f"candidate {k}",
            k == reference,
            (truth,) * rounds,
            {name: (values[k],) * rounds for name, values in scores.items()},
        )
        for k, truth in enumerate(truths)
    ]


def one(found, validator):
    (pick,) = (pick for pick in found if pick.validator == validator)
    return pick


TABLE = judged("p", "f", [0.6, 0.8, 0.7], {"good": [0.5, 0.9, 0.8], "bad": [3.0, 1.0, 2.0], "flat": [1.0, 1.0, 1.0]})


def test_a_pick_is_the_candidate_with_the_highest_score():
    """Oracle 0.8, source_only 0.6 (candidate 0). Points are hundredths."""
    found = picks(TABLE, {"good": True})
    good, bad = one(found, "good"), one(found, "bad")
    assert (good.regret, good.gain, good.error) == pytest.approx((0.0, 20.0, 10.0))
    assert (bad.regret, bad.gain, bad.error) == (pytest.approx(20.0), 0.0, None)
    assert (good.correlation, bad.correlation) == pytest.approx((1.0, -1.0))


def test_ties_go_to_the_first_and_have_no_correlation():
    flat = one(picks(TABLE, {}), "flat")
    assert (flat.regret, flat.correlation) == (pytest.approx(20.0), 0.0)


def test_source_only_chance_and_hindsight_stand_beside():
    found = picks(TABLE, {})
    assert one(found, "source_only").regret == pytest.approx(20.0)
    assert one(found, "random candidate").regret == pytest.approx(10.0)
    assert (one(found, "oracle").regret, one(found, "oracle").gain) == (0.0, pytest.approx(20.0))


def test_points_of_an_error_are_per_cent_of_the_best():
    """RMSE 2 is best, 3 is half as much again: 50 points."""
    table = judged("p", "f", [-3.0, -2.0], {"v": [1.0, 0.0]}, regression=True)
    assert one(picks(table, {}), "v").regret == pytest.approx(50.0)


def test_undefined_scores_come_last():
    table = judged("p", "f", [0.5, 0.9], {"v": [0.1, None]})
    assert one(picks(table, {}), "v").regret == pytest.approx(40.0)


def test_rounds_can_be_left_out():
    """Candidate 1 leads in the first round, candidate 0 in the mean of both."""
    table = [
        Judged("p", "f", 0, False, "0", True, (0.5, 0.5), {"v": (0.4, 0.9)}),
        Judged("p", "f", 0, False, "1", False, (0.7, 0.7), {"v": (0.6, 0.2)}),
    ]
    assert one(picks(table, {}), "v").regret == pytest.approx(20.0)
    assert one(picks(table, {}, rounds=1), "v").regret == 0.0


def test_a_pair_without_the_source_alone_says_nothing():
    assert picks(judged("p", "f", [0.5], {"v": [1.0]}, reference=9), {}) == []


def test_families_count_the_same():
    found = [Pick("v", str(k), "large", 1.0, 0.0, 0.0) for k in range(9)] + [Pick("v", "x", "small", 3.0, -1.0, 0.0)]
    assert by_family(found, "regret") == pytest.approx(2.0)
    assert by_family(found, "below") == pytest.approx(0.5)


def test_the_choice_is_made_on_the_other_families():
    """u wins on a and b, v on c. Without c, u is best: it is what c gets, at its price there."""
    regrets = {"a": (0.0, 5.0), "b": (1.0, 5.0), "c": (9.0, 0.0)}
    found = [
        Pick(name, family, family, regret, 0.0, 0.0)
        for family, pair in regrets.items()
        for name, regret in zip(("u", "v"), pair, strict=True)
    ]
    kept, winners = chosen_elsewhere(found, ["u", "v"])
    assert winners == {"a": "v", "b": "v", "c": "u"}
    assert [pick.regret for pick in kept] == [5.0, 5.0, 9.0]
    assert chosen_elsewhere(found[:2], ["u", "v"]) == ([], {})


def test_known_errors_are_the_summary_rounded():
    found = picks([*TABLE, *judged("q", "g", [0.7, 0.6], {"good": [0.2, 0.1], "bad": [0.1, 0.2]})], {"good": True})
    written = known_errors(found, ["good", "bad"])
    assert written["good"] == {
        "problems": 2,
        "regret": 0.0,
        "source_only": 10.0,
        "below_source_only": 0.0,
        "correlation": 1.0,
        "error": 30.0,
    }
    assert written["bad"]["below_source_only"] == 0.5
    assert summary(found)["bad"]["regret"] == pytest.approx(15.0)


def test_correlation_is_by_ranks():
    rng = np.random.default_rng(0)
    x = rng.normal(size=30)
    assert correlation(np.exp(x), x) == pytest.approx(1.0)
    assert correlation(np.array([np.nan, 1.0, 2.0, 3.0]), np.array([9.0, 1.0, 2.0, 3.0])) == pytest.approx(1.0)
    assert correlation(np.array([1.0]), np.array([2.0])) == 0.0
