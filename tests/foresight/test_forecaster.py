"""What is learned from past arms, and what is told of new ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.foresight.arms import Outlook
from autotransfer.foresight.forecaster import Foresight, fit
from tests.foresight.worlds import world


@pytest.fixture(scope="module")
def learned() -> Foresight:
    return fit(world(targets=20, delta=0.5))


def test_a_world_like_the_past_is_foretold(learned: Foresight) -> None:
    """Gains correlate, intervals at 90 % cover, risks rank losses, ranks are a permutation in the order of what comes
    out, seconds are those of the method within a factor of 1.5."""
    new = world(targets=20, seed=1, delta=0.5)
    told = learned.forecast(new.arms)
    gain, risk = (np.array([getattr(o, name) for o in told]) for name in ("gain", "risk"))
    assert np.corrcoef(gain, new.gain)[0, 1] > 0.85
    assert np.mean([o.low <= value <= o.high for o, value in zip(told, new.gain, strict=True)]) > 0.85
    assert risk[new.gain < -0.5].mean() > risk[new.gain >= -0.5].mean() + 0.4
    for target in np.unique(new.arms.targets):
        mine = np.flatnonzero(new.arms.targets == target)
        ranks = np.array([told[row].rank for row in mine])
        assert sorted(ranks) == list(range(1, len(mine) + 1))
        assert np.corrcoef(ranks, new.gain[mine])[0, 1] < -0.6
    ratio = np.array([o.seconds for o in told]) / new.seconds
    assert ((ratio > 1 / 1.5) & (ratio < 1.5)).all()
    assert not any(o.little_evidence for o in told)
    assert all(o.level == 0.9 and o.low <= o.gain <= o.high and 0 <= o.risk <= 1 for o in told)


def test_the_order_of_arms_does_not_matter(learned: Foresight) -> None:
    arms = world(targets=2, seed=3).arms
    mixed = np.random.default_rng(0).permutation(len(arms))
    assert [learned.forecast(arms)[row] for row in mixed] == list(learned.forecast(arms.take(mixed)))


def test_equal_experience_gives_equal_forecasts(learned: Foresight) -> None:
    arms = world(targets=1, seed=4).arms
    assert fit(world(targets=20, delta=0.5)).forecast(arms) == learned.forecast(arms)


def test_far_off_the_base_rate_is_told(learned: Foresight) -> None:
    """Features nobody has seen: gain and risk are those of arms with the same keys, and it says so."""
    arms = world(targets=1, seed=5).arms
    far = learned.forecast(replace(arms, features=arms.features + 50.0))
    np.testing.assert_allclose([o.gain for o in far], learned.gain.members.rates.of(arms.keys)[:, -1])
    np.testing.assert_allclose([o.risk for o in far], learned.risk.base_rate(arms.keys))
    assert all(o.little_evidence and o.reason.startswith("little evidence: ") for o in far)


def test_chance_is_not_mistaken_for_knowledge() -> None:
    """Outcomes that depend on nothing: little evidence, the risk is the share of losses, and few targets lower the
    level of the interval to what they can give."""
    past = world(targets=6, slope=0.0)
    noise = replace(past, gain=np.random.default_rng(0).normal(size=len(past)))
    told = fit(noise).forecast(world(targets=1, seed=1).arms)
    assert all(o.little_evidence for o in told)
    share = (noise.gain < 0).mean()
    assert all(abs(o.risk - share) < 0.1 for o in told)
    assert told[0].level == pytest.approx(6 / 7)


def test_failed_arms_and_missing_times() -> None:
    """Failed arms teach seconds alone; without times there are none."""
    past = world(targets=6)
    gain = np.where(np.arange(len(past)) % 7 == 0, np.nan, past.gain)
    arms = world(targets=1, seed=1).arms
    broken = fit(replace(past, gain=gain, seconds=np.full(len(past), np.nan))).forecast(arms)
    assert all(isinstance(o, Outlook) and o.seconds is None and np.isfinite(o.gain) for o in broken)


def test_two_targets_teach_nothing() -> None:
    with pytest.raises(InputError, match="3 targets or more"):
        fit(world(targets=2))
