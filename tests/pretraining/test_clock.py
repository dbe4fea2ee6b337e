from __future__ import annotations

from autotransfer.nets import Cosine
from autotransfer.pretraining.clock import Clock, Timed


def test_progress_is_the_larger_share_and_the_rate_ends_with_the_time() -> None:
    times = iter([100.0, 102.0, 108.0, 110.0, 200.0])
    clock = Clock(10.0, lambda: next(times))
    assert clock.deadline == 110.0
    assert clock.progress(0.5) == 0.5
    assert clock.progress(0.5) == 0.8
    assert Timed(Cosine(0.0), clock).factor(0.5) == 0.0
    assert clock.progress(0.1) == 1.0


def test_without_a_limit_steps_alone_count() -> None:
    assert Clock().progress(0.25) == 0.25
