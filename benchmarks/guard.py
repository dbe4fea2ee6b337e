"""How often does the guard ship transfer, and how often should it? By simulation, where the true gain is known.

30 transfers compete with 30 models without transfer; the best transfer is truly better by a given gain, or worse.
Shipped is the transfer alone, or its average with the baseline, whose own true gain stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.guard import Candidates, Comparison, compare, rule, shipped
from autotransfer.metrics import METRICS
from benchmarks.harness import Arguments, Bar, Result, at_least, at_most

ACCURACY = METRICS["accuracy"]
GAINS = (-0.09, -0.03, -0.01, 0.0, 0.10)
ROWS = (60, 300)
RUNS, QUICK_RUNS = 400, 40
PER_SIDE = 30
EPSILON, ALPHA = 1.0, 0.05
_BASE = 0.7
_MANY = 200_000


@dataclass(frozen=True)
class Cell:
    """Shares of the runs that shipped the transfer alone and the average; the average's own true gain."""

    n: int
    gain: float
    alone: float
    average: float
    average_gain: float

    @property
    def harmful(self) -> float:
        """Share of the runs that shipped what is truly worse by more than epsilon points."""
        margin = -EPSILON / 100
        return self.alone * (self.gain < margin) + self.average * (self.average_gain < margin)


def run(args: Arguments) -> Result:
    """Every cell. Bars: harm at most alpha in every cell, power at a gain of 10 points."""
    cells = [cell(n, gain, QUICK_RUNS if args.quick else RUNS) for n in ROWS for gain in GAINS]
    return Result("guard", bars(cells), [_row(found) for found in cells])


def bars(cells: Sequence[Cell]) -> list[Bar]:
    """Level and power."""
    power = {found.n: found.alone + found.average for found in cells if found.gain == max(GAINS)}
    return [
        at_most("harmful decisions, worst cell", max(found.harmful for found in cells), ALPHA),
        at_least("shipped at +10 points, 60 rows", power[60], 0.60),
        at_least("shipped at +10 points, 300 rows", power[300], 0.90),
    ]


def cell(n: int, gain: float, runs: int) -> Cell:
    """Decisions of many runs on ``n`` rows."""
    many = simulated_run(_MANY, gain, np.random.default_rng(0), per_side=1)
    average, baseline = (ACCURACY.score(many.y, rounds[0]) for rounds in (many.averaged(0, 0), many.baseline[0]))
    counts = Counter(decision(simulated_run(n, gain, np.random.default_rng(seed)), seed) for seed in range(runs))
    return Cell(n, gain, counts["alone"] / runs, counts["average"] / runs, average - baseline)


def decision(candidates: Candidates, seed: int) -> str:
    """``alone``, ``average`` or ``neither``."""
    alone, average = (rule(found, ACCURACY, epsilon=EPSILON, alpha=ALPHA) for found in both(candidates, seed))
    return shipped(alone, average)


def both(candidates: Candidates, seed: int) -> list[Comparison]:
    """The guard's two comparisons."""
    return [compare(candidates, ACCURACY, seed=seed, averaged=averaged) for averaged in (False, True)]


def simulated_run(n: int, gain: float, rng: np.random.Generator, per_side: int = PER_SIDE) -> Candidates:
    """Out-of-fold probabilities of transfer and baseline trials for n rows of class 1.

    Candidate c gives the right class the probability Phi(Phi^-1(a_c) - z_ci) with z_ci = sqrt(.5) u_i + sqrt(.3) f_i +
    sqrt(.2) e_ci: a difficulty u shared by all, a part f shared by one side, a part e of its own. Its true accuracy is
    a_c = 0.7 (+ ``gain``) less |N(0, 0.02)|, 0 for the first. The search's luck is in the maximum over candidates.
    """
    difficulty = rng.standard_normal(n)
    return Candidates(
        np.ones(n, np.int64),
        _side(_BASE + gain, difficulty, rng, per_side),
        _side(_BASE, difficulty, rng, per_side),
    )


def _side(best: float, difficulty: Array, rng: np.random.Generator, count: int) -> list[tuple[Array]]:
    from scipy.stats import norm

    shared = np.sqrt(0.5) * difficulty + np.sqrt(0.3) * rng.standard_normal(len(difficulty))
    losses = np.abs(rng.normal(0, 0.02, count)) * (np.arange(count) > 0)
    latent = shared + np.sqrt(0.2) * rng.standard_normal((count, len(difficulty)))
    right = norm.cdf(norm.ppf(best - losses)[:, None] - latent)
    return [(np.stack([1.0 - row, row], axis=1),) for row in right]


def _row(found: Cell) -> dict[str, object]:
    return {
        "rows": found.n,
        "true gain": f"{100 * found.gain:+.0f}",
        "transfer alone": f"{found.alone:.2%}",
        "average": f"{found.average:.2%}",
        "average's true gain": f"{100 * found.average_gain:+.1f}",
        "harmful": f"{found.harmful:.2%}",
    }
