"""How long it takes to learn from 5,000 arms, which a run does before it ranks its own."""

from __future__ import annotations

import time

import numpy as np

from autotransfer.foresight.arms import Arms, Experience
from autotransfer.foresight.forecaster import fit
from benchmarks.harness import Arguments, below
from benchmarks.kernel_parts.part import Part

_TARGETS, _ARMS, _FEATURES, _METHODS = 50, 100, 30, 20
_SECONDS = 2.0


def measure(arguments: Arguments) -> Part:
    """50 targets × 100 arms, 30 features of which a tenth is unknown; processor time on one thread."""
    past = _simulated(_TARGETS, seed=0)
    new = _simulated(1, seed=1).arms
    fit(past.take(past.arms.targets < "2"))  # once before, so that libraries are loaded
    start = time.process_time()
    learned = fit(past)
    taught = time.process_time()
    learned.forecast(new)
    told = time.process_time()
    seconds = taught - start
    row = {"table": "learning time", "arms": len(past), "seconds": seconds, "seconds to forecast": told - taught}
    return Part([row], [below("learning from 5,000 arms: processor seconds", seconds, _SECONDS)])


def _simulated(targets: int, seed: int) -> Experience:
    """Gains depend on a few features, on two of them together, and on the method."""
    rng = np.random.default_rng(seed)
    n = targets * _ARMS
    features = rng.normal(size=(n, _FEATURES))
    method = rng.integers(0, _METHODS, n)
    gain = features[:, 0] + features[:, 1] * features[:, 2] + 0.1 * method + rng.normal(size=n)
    features[rng.random((n, _FEATURES)) < 0.1] = np.nan
    names = np.repeat(np.arange(targets).astype(str), _ARMS).astype(object)
    kind = (method % 4).astype(str).astype(object)
    keys = np.column_stack([kind, kind + " " + method.astype(str).astype(object)])
    arms = Arms(features, tuple(f"feature {number}" for number in range(_FEATURES)), keys, names, names)
    return Experience(arms, gain, np.exp(rng.normal(size=n)))
