"""Methods in the order of what each adds to those before it."""

from __future__ import annotations

import pytest

from benchmarks.outcome import Outcome
from benchmarks.portfolio import greedy, values


def played(task: str, arms: dict[str, float], *, poisoned: bool = False, seed: int = 0) -> Outcome:
    scores = {"no_transfer": 0.5, **arms}
    return Outcome(task, seed, poisoned, False, 1.0, shipped=0.5, no_transfer=0.5, arms=scores)


def test_values_are_shares_of_what_could_be_gained() -> None:
    """(best over sources - base) / (best over arms - base), clipped at -1, mean over seeds, without ruined tasks."""
    outcomes = [
        played("t", {"a × s": 0.6, "a × u": 0.7, "b × s": 0.9}),
        played("t", {"a × s": 0.7, "b × s": 0.1}, seed=1),
        played("nothing to gain", {"a × s": 0.4}),
        played("t/flipped", {"a × s": 1.0}, poisoned=True),
    ]
    found = values(outcomes)
    assert found["a"] == {"t": pytest.approx((0.5 + 1.0) / 2)}
    assert found["b"] == {"t": pytest.approx((1.0 - 1.0) / 2)}


def test_the_next_method_is_the_one_that_adds_most() -> None:
    """b is better than c alone, but c is good where a is not. What is reached never falls."""
    found = {
        "a": {"t": 1.0, "u": 0.9, "v": 0.0},
        "b": {"t": 0.9, "u": 0.9, "v": 0.0},
        "c": {"t": -1.0, "u": 0.0, "v": 1.0},
    }
    ranked = greedy(found)
    assert [row["method"] for row in ranked] == ["a", "c", "b"]
    together = [float(row["together"]) for row in ranked]
    assert together == sorted(together)
    assert together[1] == pytest.approx((1.0 + 0.9 + 1.0) / 3, abs=1e-4)


def test_a_method_that_never_finished_on_a_task_gains_nothing_there() -> None:
    assert greedy({"a": {"t": 1.0}, "b": {"t": 0.5, "u": 1.0}})[0]["method"] == "b"
