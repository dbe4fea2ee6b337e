from __future__ import annotations

from benchmarks.tuning_parts.precision import gradients


def test_the_zoos_network_has_the_same_gradients_in_pieces_and_by_passing_twice() -> None:
    found = gradients()
    assert found["accumulate"] < 1e-6
    assert found["recompute"] < 1e-6
