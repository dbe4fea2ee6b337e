"""Importance weights."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.weights import clip_and_normalize, effective_sample_size
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=50), st.floats(1.5, 100.0))
def test_weights_average_one_and_keep_their_order(ratios: list[float], clip: float) -> None:
    """mean(w) = 1, w >= 0, and a larger ratio never gets a smaller weight."""
    values = np.array(ratios)
    weights = clip_and_normalize(values, clip)
    assert weights.mean() == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert (np.diff(weights[np.argsort(values, kind="stable")]) >= -1e-9).all()


def test_effective_sample_size() -> None:
    """n for equal weights, 1 for a single one, (1 + 3)^2 / (1 + 9) for weights 1 and 3."""
    assert effective_sample_size(np.ones(7)) == 7.0
    assert effective_sample_size(np.array([0.0, 5.0, 0.0])) == 1.0
    assert effective_sample_size(np.array([1.0, 3.0])) == pytest.approx(1.6)
