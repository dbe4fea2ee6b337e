"""Base rate, ridge and trees together, judged on targets that were not seen."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.foresight.regression import fit_regression
from tests.foresight.worlds import world


@pytest.mark.parametrize("targets", [6, 20])
def test_what_there_is_to_learn_is_learned(targets: int) -> None:
    """gain = 2 x₀ + method + noise of 0.5: the error on a new world is close to the noise, with trees and without."""
    past, new = world(targets=targets), world(targets=targets, seed=1)
    found = fit_regression(past.arms, past.gain)
    error = np.sqrt(np.mean(np.square(found.predict(new.arms.features, new.arms.keys) - new.gain)))
    held_out = np.sqrt(np.mean(np.square(found.held_out - past.gain)))
    assert error < 0.8
    assert held_out == pytest.approx(error, abs=0.2)


def test_noise_is_answered_with_the_mean() -> None:
    """Nothing to learn: predictions vary by less than a quarter of what outcomes vary by."""
    past, new = world(slope=0.0, noise=0.0), world(slope=0.0, seed=1)
    noise = np.random.default_rng(2).normal(size=len(past))
    found = fit_regression(past.arms, noise)
    told = found.predict(new.arms.features, new.arms.keys)
    assert told.std() < 0.25
    assert abs(told.mean() - noise.mean()) < 0.1
