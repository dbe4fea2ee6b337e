"""Methods with a network where the target has no label: MNIST and USPS, PACS, product reviews.

Every method is fitted with its defaults under each seed. Which of them is taken is said by the project's default
validator; the test rows judge the choice. All share one network, and ``source_network`` is that network trained without
the target.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autotransfer.executors.executor import Limits
from autotransfer.executors.pool import WorkerPool
from benchmarks.adapting.deep_fit import Fit, Fitted, Given, default_validator, fit_one
from benchmarks.adapting.deep_pairs import PAIRS, DeepPair
from benchmarks.harness import Arguments, Bar, at_least

REFERENCE = "source_network"
METHODS = (
    REFERENCE,
    "dann",
    "dan",
    "jan",
    "deep_coral",
    "cdan",
    "adda",
    "maximum_classifier_discrepancy",
    "deep_jdot",
    "minimum_class_confusion",
    "m3sda",
    "batch_norm_statistics",
    "tent",
    "t3a",
)
QUICK = (REFERENCE, "dann", "dan", "adda", "deep_jdot", "minimum_class_confusion")
SEEDS, SEEDS_BESIDE = 3, 1
"""Where a bar rests on the pair, and where it is a table beside them."""
SECONDS = 600.0
"""Time for one fit; what takes longer has failed."""
_WAIT = 60.0


def deep(args: Arguments) -> tuple[list[Bar], list[dict[str, Any]]]:
    """Bars and table. Pairs without a bar get one seed. ``--quick``: fewer rows, methods and pairs, and one seed."""
    methods = QUICK if args.quick else METHODS
    pairs = [pair for pair in PAIRS if (pair.counts or not args.quick) and pair.name in (args.tasks or (pair.name,))]
    given = Given(args.data, args.quick)
    fits = [Fit(pair.name, method, seed) for pair in pairs for seed in range(_seeds(args, pair)) for method in methods]
    found = fit_all(given, fits)
    counted = [pair.name for pair in PAIRS if pair.counts]
    return bars([fitted for fitted in found if fitted.fit.pair in counted]), table(found, default_validator(given))


def _seeds(args: Arguments, pair: DeepPair) -> int:
    return args.seeds or (SEEDS if pair.counts and not args.quick else SEEDS_BESIDE)


def fit_all(given: Given, fits: Sequence[Fit]) -> list[Fitted]:
    """Two at a time, each on one core; what fails is told on standard error and left out."""
    found: list[Fitted] = []
    waiting = list(fits)
    running: dict[int, Fit] = {}
    pool: WorkerPool[Fit, Fitted] = WorkerPool(fit_one, given, 2, preload=("benchmarks.adapting.deep_fit",))
    with pool:
        while waiting or running:
            while waiting and len(running) < pool.capacity:
                fit = waiting.pop(0)
                running[pool.submit(fit, Limits(SECONDS))] = fit
            for finished in pool.wait(_WAIT):
                fit = running.pop(finished.ticket)
                if finished.outcome is not None:
                    found.append(finished.outcome)
                outcome = (
                    finished.error or f"accuracy {finished.outcome.accuracy:.4f}"
                    if finished.outcome
                    else finished.error
                )
                print(f"  {fit.pair}, {fit.method}, seed {fit.seed}: {outcome}", file=sys.stderr, flush=True)
    return found


def picks(found: Sequence[Fitted]) -> dict[tuple[str, int], Fitted]:
    """What the validator takes for each pair and seed."""
    best: dict[tuple[str, int], Fitted] = {}
    for fitted in found:
        key = (fitted.fit.pair, fitted.fit.seed)
        if key not in best or fitted.score > best[key].score:
            best[key] = fitted
    return best


def gains(found: Sequence[Fitted], chosen: Mapping[tuple[str, int], Fitted]) -> dict[tuple[str, int], float]:
    """Test accuracy of each choice less the reference's under the same seed."""
    base = {(f.fit.pair, f.fit.seed): f.accuracy for f in found if f.fit.method == REFERENCE}
    return {key: fitted.accuracy - base[key] for key, fitted in chosen.items() if key in base}


def bars(found: Sequence[Fitted]) -> list[Bar]:
    """On MNIST and USPS: the picks' mean gain, their smallest, and the mean gains of two methods, the smaller of both
    directions."""
    chosen = list(gains(found, picks(found)).values())
    result = [
        at_least("deep: mean gain of what the validator picks", float(np.mean(chosen)) if chosen else None, 0.15),
        at_least("deep: smallest gain of what the validator picks", min(chosen, default=None), 0.0),
    ]
    for method in ("dann", "dan"):
        mine = gains(found, {(f.fit.pair, f.fit.seed): f for f in found if f.fit.method == method})
        by_pair = {pair: np.mean([gain for key, gain in mine.items() if key[0] == pair]) for pair, _ in mine}
        smallest = float(min(by_pair.values())) if by_pair else None
        name = f"deep: gain of {method}, the smaller of both directions"
        result.append(Bar(name, smallest, "> 0", smallest is not None and smallest > 0))
    return result


def table(found: Sequence[Fitted], validator: str) -> list[dict[str, Any]]:
    """A row a method and pair, and one for what the validator picks: test accuracy, its spread over seeds."""
    chosen, rows = picks(found), []
    for pair in dict.fromkeys(fitted.fit.pair for fitted in found):
        for method in dict.fromkeys(fitted.fit.method for fitted in found):
            mine = [f for f in found if (f.fit.pair, f.fit.method) == (pair, method)]
            picked = sum(f.fit.method == method for key, f in chosen.items() if key[0] == pair)
            rows += [_row(pair, method, mine, {"picked": picked})] if mine else []
        rows.append(_row(pair, f"pick of {validator}", [f for key, f in chosen.items() if key[0] == pair], {}))
    return rows


def _row(pair: str, method: str, mine: Sequence[Fitted], more: Mapping[str, Any]) -> dict[str, Any]:
    accuracies, scores = [f.accuracy for f in mine], [f.score for f in mine]
    return {
        "table": f"networks, {pair}",
        "method": method,
        "accuracy": round(float(np.mean(accuracies)), 4),
        "spread": round(float(np.std(accuracies)), 4),
        "validator": round(float(np.mean(scores)), 4),
        "seconds": round(float(np.mean([f.seconds for f in mine])), 1),
        "runs": len(mine),
        **more,
    }
