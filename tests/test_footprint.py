"""Sizes, times and what is beyond a size budget."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.footprint import Bounds, Footprint, Size, seconds_of, size_of

SMALL = Footprint(100, 400, 0.002)


def test_the_size_of_a_state_is_that_of_its_arrays_at_any_depth():
    state = {
        "weights": np.zeros((3, 4), np.float32),
        "parts": [{"deep": np.zeros(5, np.int8)}, (np.zeros(2),)],
        "name": "x",
        "none": None,
        "number": 3.0,
    }
    assert size_of(state) == Size(12 + 5 + 2, 48 + 5 + 16)
    assert size_of({}) == Size(0, 0)


def test_sizes_and_footprints_add_up():
    assert Size(1, 2) + Size(10, 20) == Size(11, 22)
    assert Footprint(1, 2, 0.5) + Footprint(10, 20, 0.25) == Footprint(11, 22, 0.75)
    assert Footprint(1, 2, 0.5, 1, 4) + Footprint(10, 20, 0.25) == Footprint(11, 22, 0.75, 1, 4)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(), None),
        (Bounds(100, 0.002), None),
        (Bounds(99), "100 parameters are more than --max-params 99"),
        (Bounds(None, 0.0015), "2 ms a row are more than --max-latency 1.5ms"),
        (Bounds(99, 0.0015), "100 parameters are more than --max-params 99"),
    ],
)
def test_a_refusal_names_the_option_and_both_numbers(bounds, words):
    assert bounds.refusal(SMALL) == words


def test_what_was_not_measured_is_not_refused():
    assert Bounds(0, 0.0).refusal(None) is None


def test_the_fastest_of_five_calls_counts_and_the_first_does_not(monkeypatch):
    """Calls of 9 (to warm up), 3, 1, 2, 2 and 2 ms on a clock that only they move."""
    clock, lengths, calls = [0.0], iter([9, 3, 1, 2, 2, 2]), []
    monkeypatch.setattr("autotransfer.footprint.time.perf_counter", lambda: clock[0])

    def call():
        calls.append(next(lengths))
        clock[0] += calls[-1] / 1000

    assert seconds_of(call) == pytest.approx(0.001)
    assert calls == [9, 3, 1, 2, 2, 2]


def test_slow_calls_are_not_repeated(monkeypatch):
    clock, calls = [0.0], []
    monkeypatch.setattr("autotransfer.footprint.time.perf_counter", lambda: clock[0])

    def call():
        calls.append(1)
        clock[0] += 5.0

    assert seconds_of(call) == 5.0
    assert len(calls) == 2
