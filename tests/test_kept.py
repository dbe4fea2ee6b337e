"""What is kept of a source, and the limit on what may be lost."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from autotransfer.kept import KeepSource, Kept, mean_kept
from autotransfer.metrics import METRICS

LOST = Kept("task-incremental", 0.95, 0.83)


def test_forgetting_is_before_minus_after():
    assert LOST.forgetting == pytest.approx(0.12)
    assert Kept("domain-incremental", 0.8, 0.9).forgetting == pytest.approx(-0.1)
    assert Kept(**asdict(LOST)) == LOST


@pytest.mark.parametrize(("points", "refused"), [(11.9, True), (12.1, False), (0, True)])
def test_points_are_hundredths_of_a_share(points, refused):
    """Lost are 12 points of accuracy; the words name the metric, both scores and the option."""
    found = KeepSource(points, METRICS["accuracy"]).refusal(LOST)
    words = (
        f"accuracy on the source's own task went from 0.95 to 0.83, which is more than --keep-source {points:g} allows"
    )
    assert found == (words if refused else None)


def test_points_of_an_error_are_per_cent_of_it():
    """A log loss that rises from 0.5 to 0.6 lost 20 points; scores are shown in the metric's own direction."""
    kept = Kept("task-incremental", -0.5, -0.6)
    assert KeepSource(20.1, METRICS["log_loss"]).refusal(kept) is None
    assert "from 0.5 to 0.6" in str(KeepSource(19.9, METRICS["log_loss"]).refusal(kept))


def test_what_gained_or_lost_nothing_is_never_refused():
    keep = KeepSource(0, METRICS["accuracy"])
    assert keep.refusal(Kept("task-incremental", 0.5, 0.5)) is None
    assert keep.refusal(Kept("task-incremental", 0.5, 0.6)) is None


def test_what_was_not_measured_is_refused():
    assert "could not be measured" in str(KeepSource(100, METRICS["accuracy"]).refusal(None))


def test_folds_are_averaged_and_one_without_a_measure_leaves_none():
    both = mean_kept([Kept("task-incremental", 0.9, 0.5, 0.1), Kept("task-incremental", 0.7, 0.6, 0.3)])
    assert both is not None
    assert (both.before, both.after, both.untold) == pytest.approx((0.8, 0.55, 0.2))
    assert mean_kept([LOST, None]) is None
    assert mean_kept([]) is None
    assert mean_kept([LOST]) == LOST
