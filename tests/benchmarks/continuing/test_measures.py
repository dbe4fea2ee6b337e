"""Figures of a matrix of accuracies, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.continuing import measures

R = np.array([[0.5, 0.4, 0.5], [0.9, 0.6, 0.5], [0.95, 0.8, 0.3], [0.6, 0.7, 1.0]])
"""Row 0 before any task; then after the first, the second and the third."""


def test_figures() -> None:
    """The mean of the last row; from the best before the end; from right after the task; before it, over the start."""
    assert measures.average(R) == pytest.approx((0.6 + 0.7 + 1.0) / 3)
    assert measures.forgetting(R) == pytest.approx(((0.95 - 0.6) + (0.8 - 0.7)) / 2)
    assert measures.backward_transfer(R) == pytest.approx(((0.6 - 0.9) + (0.7 - 0.8)) / 2)
    assert measures.forward_transfer(R) == pytest.approx(((0.6 - 0.4) + (0.3 - 0.5)) / 2)
