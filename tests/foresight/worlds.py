"""Simulated experience whose truth is known."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms, Experience


def world(
    *, targets: int = 20, arms: int = 20, slope: float = 2.0, noise: float = 0.5, seed: int = 0, delta: float = 0.0
) -> Experience:
    """gain = slope · x₀ + effect of the method + noise, with three features (one of them noise, one with gaps)."""
    rng = np.random.default_rng(seed)
    n = targets * arms
    features = rng.normal(size=(n, 3))
    method = np.tile(np.arange(arms) % 4, targets)
    gain = slope * features[:, 0] + 0.5 * (method - 1.5) + noise * rng.normal(size=n)
    features[rng.random(n) < 0.1, 2] = np.nan
    names = np.repeat([f"target {i}" for i in range(targets)], arms).astype(object)
    keys = np.column_stack([np.where(method < 2, "simple", "deep"), [f"method {i}" for i in method]]).astype(object)
    return Experience(Arms(features, ("helpful", "noise", "gaps"), keys, names, names), gain, seconds(method), delta)


def seconds(method: Array) -> Array:
    """1, 2, 4, 8 for the four methods."""
    return 2.0**method
