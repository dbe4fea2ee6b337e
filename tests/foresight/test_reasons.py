"""One line an arm."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.reasons import reasons
from autotransfer.foresight.regression import fit_regression
from tests.foresight.worlds import world


def test_what_matters_is_named_with_its_direction() -> None:
    """gain = 2 x₀: a large x₀ explains a gain, a small one a loss; gaps are called unknown."""
    past = world(targets=8)
    found = fit_regression(past.arms, past.gain)
    arms = past.arms.take(slice(3))
    arms.features[:, 0] = [2.0, -2.0, np.nan]
    lines = reasons(arms, found, np.nanmedian(past.arms.features, axis=0), np.array([1.0, -1.0, 0.0]))
    assert lines[0].startswith("arms like it gained +1.0 points elsewhere; helpful 2 adds ")
    assert lines[1].startswith("arms like it gained -1.0 points elsewhere; helpful -2 takes ")
    assert "helpful" not in lines[2] or "helpful unknown" in lines[2]
    assert all("\n" not in line for line in lines)
