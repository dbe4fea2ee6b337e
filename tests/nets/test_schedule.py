"""Learning rate factors against their formulas."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.nets import Annealed, Constant, Cosine


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.5, 1.0])
def test_factors_equal_the_papers_formulas(progress: float) -> None:
    """1; (1 + 10 p)^-0.75; half a cosine after a linear warm-up."""
    assert Constant().factor(progress) == 1.0
    np.testing.assert_allclose(Annealed().factor(progress), 1.0 / (1.0 + 10.0 * progress) ** 0.75)
    expected = progress / 0.5 if progress < 0.5 else 0.1 + 0.9 * 0.5 * (1 + np.cos(np.pi * (progress - 0.5) / 0.5))
    np.testing.assert_allclose(Cosine(warmup=0.5, floor=0.1).factor(progress), expected, atol=1e-12)


def test_the_cosine_is_continuous_and_ends_at_its_floor() -> None:
    """Steps of 0.001 in progress change the factor by at most 0.011."""
    factors = [Cosine(0.1).factor(step / 1000) for step in range(1001)]
    assert np.abs(np.diff(factors)).max() < 0.011
    assert factors[0] == 0.0
    assert max(factors) == pytest.approx(1.0)
    assert factors[-1] == pytest.approx(0.0, abs=1e-12)
