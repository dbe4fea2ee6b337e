"""Figures of merit against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.selecting.scores import (
    auroc,
    brier,
    calibration_error,
    random_regret,
    regret,
    skill,
    weighted_tau,
)


def test_regret() -> None:
    """The best order loses nothing, the worst the whole range, chance the mean distance."""
    outcome = np.array([1.0, 5.0, 3.0])
    assert regret(outcome, outcome) == 0.0
    assert regret(-outcome, outcome) == 4.0
    assert random_regret(outcome) == 2.0


def test_weighted_tau() -> None:
    """1 and -1 at the ends, and a mistake at the top costs more than one at the bottom."""
    outcome = np.arange(6.0)
    assert weighted_tau(outcome, outcome) == pytest.approx(1.0)
    assert weighted_tau(-outcome, outcome) == pytest.approx(-1.0)
    top, bottom = outcome[[0, 1, 2, 3, 5, 4]], outcome[[1, 0, 2, 3, 4, 5]]
    assert weighted_tau(top, outcome) < weighted_tau(bottom, outcome)


def test_probabilities() -> None:
    """The share itself has no skill, the truth a skill of 1; calibrated draws have a small error, reversed ones not."""
    rng = np.random.default_rng(0)
    risk = rng.random(20_000)
    negative = (rng.random(20_000) < risk).astype(float)
    share = np.full(20_000, negative.mean())
    assert skill(share, negative, share) == 0.0
    assert skill(negative, negative, share) == 1.0
    assert brier(risk, negative) == pytest.approx(1 / 6, abs=0.01)  # E p (1 - p) of uniform p
    assert calibration_error(risk, negative) < 0.02
    assert calibration_error(1 - risk, negative) == pytest.approx(0.5, abs=0.02)
    assert auroc(risk, negative) == pytest.approx(1 - auroc(-risk, negative))
