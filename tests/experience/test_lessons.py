"""What past arms teach: forecasts and covariances of new ones; methods that were never tried stand where the portfolio
puts them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autotransfer.experience.lessons import learn, placed
from autotransfer.experience.row import Row

BASE = Row("", "", "f", "s", "rows", "", "accuracy", "features", "complete", about={"target_rows": 8.0})
EFFECTS = {"pooled": 1.0, "stacking": 5.0, "source_only": -8.0}


def past(targets: int = 12) -> list[Row]:
    rng = np.random.default_rng(0)
    return [
        replace(BASE, task=f"t{k}", target=f"t{k}", source=s, method=m, gain=effect + float(rng.normal()), seconds=1.0)
        for k in range(targets)
        for s in ("s", "u")
        for m, effect in EFFECTS.items()
    ]


def test_what_gained_is_expected_to_gain_and_strangers_are_marked() -> None:
    lessons = learn(past(), ())
    assert lessons is not None
    new = [replace(BASE, task="n", target="n", method=m, status="new") for m in ("stacking", "new", "source_only")]
    learned = lessons.apply(new)
    assert learned.strangers.tolist() == [False, True, False]
    assert learned.pursuit.mean[0] > learned.pursuit.mean[1] > learned.pursuit.mean[2]
    assert learned.outlooks[0].gain > learned.outlooks[2].gain
    assert learned.pursuit.covariance.shape == (3, 3)


def test_failed_arms_and_too_few_targets() -> None:
    failed = [replace(row, gain=None, status="failed") for row in past(1)]
    assert learn([*past(4), *failed], ()) is not None
    assert learn(past(2), ()) is None


@pytest.mark.parametrize("slope", [2.0, 0.0])
def test_strangers_lie_on_the_line_of_the_portfolio(slope: float) -> None:
    """Known arms that fall with their place by ``slope``: a stranger stands where the line is at its own place."""
    place = np.linspace(0.5, -0.5, 5)
    strangers = np.array([False, True, False, False, True])
    found = placed(np.where(strangers, 99.0, 1.0 + slope * place), strangers)
    np.testing.assert_allclose(found, 1.0 + slope * place)


def test_where_the_portfolio_has_it_backwards_strangers_stand_in_the_middle() -> None:
    strangers = np.array([False, False, True])
    assert placed(np.array([-1.0, 1.0, 9.0]), strangers).tolist() == [-1.0, 1.0, 0.0]


def test_all_strangers() -> None:
    assert placed(np.array([3.0, 4.0]), np.array([True, True])).tolist() == [0.0, 0.0]
