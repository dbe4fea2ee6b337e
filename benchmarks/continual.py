"""Tasks one after the other: what each method keeps, in each of the three scenarios.

Split digits (scikit-learn's, 8 × 8) and split MNIST (the 10,000 images of its test set, four fifths to learn from):
five tasks of two digits each, dealt out by the seed; permuted digits: ten tasks of all digits. The methods' own network
and training loop. Strengths are chosen on training rows of a stream that is not reported; test rows choose nothing.
"Average" is the mean accuracy over the tasks in the end, of "joint" that of the network trained on all tasks at once.
"Forgetting" is from the best accuracy that a task ever had, "backward" and "forward" the transfer to tasks before and
after. The second table of each pair has the matrices: the accuracy on each task so far, after each task, in per cent,
mean of the seeds. Progressive networks have to be told the task, and are missing where it is not.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from autotransfer_continual.course import Scenario
from autotransfer_continual.method import ContinualMethod

from autotransfer.data import Array
from autotransfer.errors import InputError
from benchmarks.continuing import measures
from benchmarks.continuing.played import joint, play
from benchmarks.continuing.streams import Stream, permuted, split
from benchmarks.continuing.strengths import SEED, strongest
from benchmarks.harness import TABLE, Arguments, Bar, Result, at_least, at_most
from benchmarks.tasks.digits import mnist, sklearn_digits

PARTS = ("digits", "mnist", "permuted")
"""For ``--tasks``; a quick run has the first alone."""
JOINT, SEQUENTIAL, EWC, LWF, REPLAY = (
    *("joint", "sequential_fine_tuning", "ewc"),
    *("learning_without_forgetting", "experience_replay"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of stream. :param epochs: passes over each task's rows. :param seeds: streams that are reported."""

    name: str
    make: Callable[[int], Stream]
    scenarios: tuple[Scenario, ...]
    epochs: int
    seeds: int


def run(args: Arguments) -> Result:
    """``--quick``: split digits with two seeds."""
    rows = []
    for kind in _kinds(args):
        chosen_on = kind.make(SEED)
        for scenario in kind.scenarios:
            for row in _scenario(kind, scenario, chosen_on):
                rows.append(row)
                if "average" in row:
                    print(f"{row[TABLE]}: {row['method']} {row['average']:.3f}", file=sys.stderr, flush=True)
    return Result("continual", bars(rows), rows)


def _kinds(args: Arguments) -> Iterator[Kind]:
    wanted = args.tasks or (PARTS[:1] if args.quick else PARTS)
    for name in wanted:
        if name not in PARTS:
            raise InputError(f"--tasks {name}: continual has no such part; it has {', '.join(PARTS)}")
    every = tuple(Scenario)
    if "digits" in wanted:
        seeds = args.seeds or (2 if args.quick else 5)
        yield Kind("split digits", partial(split, sklearn_digits()), every, 20, seeds)
    if "mnist" in wanted:
        yield Kind("split MNIST", partial(split, mnist(args.data)), every, 10, args.seeds or 3)
    if "permuted" in wanted:
        yield Kind("permuted digits", partial(permuted, sklearn_digits()), (Scenario.DOMAIN,), 20, args.seeds or 3)


def methods() -> list[type[ContinualMethod]]:
    """The family's, in its order."""
    from autotransfer_continual import transfer_methods

    return [method for method in transfer_methods() if issubclass(method, ContinualMethod)]


def _scenario(kind: Kind, scenario: Scenario, chosen_on: Stream) -> Iterator[dict[str, Any]]:
    table = f"{kind.name}, {scenario}"
    streams = [kind.make(seed) for seed in range(kind.seeds)]
    for method in methods():
        if method.name == "progressive_networks" and scenario is not Scenario.TASK:
            continue
        before = time.process_time()
        instance, chosen = strongest(method, chosen_on, scenario, kind.epochs)
        found = [play(instance, stream, scenario, seed) for seed, stream in enumerate(streams)]
        words = ", ".join(f"{name} {value:g}" for name, value in chosen.items())
        yield {TABLE: table, **_row(method.name, found, scenario, before), "chosen": words or None}
        yield {TABLE: f"{table}: accuracies", "method": method.name, **_matrix(found)}
        if method.name == SEQUENTIAL:
            before = time.process_time()
            together = [statistics.mean(joint(instance, stream, scenario, seed)) for seed, stream in enumerate(streams)]
            yield {TABLE: table, "method": JOINT, **_spread(together), **_cost(before)}


def _row(name: str, found: list[Array], scenario: Scenario, before: float) -> dict[str, Any]:
    forward = None if scenario is Scenario.CLASS else _mean(measures.forward_transfer, found)
    return {
        "method": name,
        **_spread([measures.average(R) for R in found]),
        "forgetting": _mean(measures.forgetting, found),
        "backward": _mean(measures.backward_transfer, found),
        "forward": forward,
        **_cost(before),
    }


def _matrix(found: list[Array]) -> dict[str, str]:
    """A column for each task that has just been learned: the accuracies on those so far."""
    mean = 100 * np.mean(found, axis=0)[1:]
    return {f"after {i + 1}": " ".join(f"{value:.0f}" for value in row[: i + 1]) for i, row in enumerate(mean)}


def _spread(averages: list[float]) -> dict[str, Any]:
    return {
        "average": statistics.mean(averages),
        "spread": statistics.stdev(averages) if len(averages) > 1 else None,
        "seeds": len(averages),
    }


def _cost(before: float) -> dict[str, float]:
    """Of the choice and of all seeds."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu seconds": time.process_time() - before, "peak MiB": peak}


def _mean(measure: Callable[[Array], float], found: list[Array]) -> float:
    return statistics.mean(measure(R) for R in found)


def bars(rows: list[dict[str, Any]]) -> list[Bar]:
    """Far above: half of the way from sequential fine-tuning to joint training, and 20 points."""
    averages = {(row[TABLE], row["method"]): float(row["average"]) for row in rows if "average" in row}
    found = []
    for table in dict.fromkeys(name for name, _ in averages):
        at = {method: averages[name, method] for name, method in averages if name == table}
        gap = at[JOINT] - at[SEQUENTIAL]
        if table.endswith(Scenario.TASK):
            found += [closed(table, method, (at[method] - at[SEQUENTIAL]) / gap) for method in (EWC, LWF)]
        elif table.endswith(Scenario.CLASS):
            rival = max(at[EWC], at[LWF])
            found.append(at_least(f"{table}: replay above EWC and LwF, accuracy", at[REPLAY] - rival, 0.2))
            found.append(at_most(f"{table}: EWC, which cannot but forget here, accuracy", at[EWC], 0.3))
    return found


def closed(table: str, method: str, share: float) -> Bar:
    """Of the gap between sequential fine-tuning and joint training."""
    return at_least(f"{table}: {method}, share of the gap closed", share, 0.5)
