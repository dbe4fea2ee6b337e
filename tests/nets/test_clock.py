from __future__ import annotations

from autotransfer.nets.clock import Clock


def test_progress_is_the_larger_share() -> None:
    times = iter([100.0, 102.0, 108.0, 200.0])
    clock = Clock(10.0, lambda: next(times))
    assert clock.deadline == 110.0
    assert clock.progress(0.5) == 0.5
    assert clock.progress(0.5) == 0.8
    assert clock.progress(0.1) == 1.0


def test_without_a_limit_steps_alone_count() -> None:
    assert Clock().progress(0.25) == 0.25
