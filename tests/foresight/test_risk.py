"""P(gain < -delta)."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.foresight.regression import fit_regression
from autotransfer.foresight.risk import fit_risk
from autotransfer.foresight.spread import fit_spread
from tests.foresight.worlds import world


@pytest.mark.parametrize("targets", [8, 20])
def test_the_risk_falls_with_the_gain_and_is_right_on_average(targets: int) -> None:
    """In a new world: Brier score a quarter below that of the share; told and true share within 0.1."""
    past, new = world(targets=targets, delta=0.5), world(targets=targets, seed=1, delta=0.5)
    gain = fit_regression(past.arms, past.gain)
    spread, own = fit_spread(past.arms.keys, past.arms.targets, np.abs(past.gain - gain.held_out))
    risk = fit_risk(past, gain.held_out, own)
    expected = gain.predict(new.arms.features, new.arms.keys)
    told = risk.predict(new.arms.features, new.arms.keys, expected, spread.of(new.arms.keys))
    negative = new.gain < -0.5
    assert np.square(told - negative).mean() < 0.75 * negative.mean() * (1 - negative.mean())
    assert told.mean() == pytest.approx(negative.mean(), abs=0.1)
    assert told[expected < -2].mean() > told[expected > 2].mean() + 0.5
    assert ((risk.base_rate(new.arms.keys) >= 0) & (risk.base_rate(new.arms.keys) <= 1)).all()


def test_without_a_loss_there_is_no_risk() -> None:
    past = world(targets=6, delta=1e6)
    risk = fit_risk(past, past.gain, np.ones(len(past)))
    told = risk.predict(past.arms.features, past.arms.keys, past.gain, np.ones(len(past)))
    np.testing.assert_allclose(told, 0.0, atol=1e-6)
