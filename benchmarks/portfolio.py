"""In which order should methods be tried? Greedily, by what each adds to those before it on the development tasks.

A portfolio in the manner of Feurer et al., Auto-sklearn 2.0 (JMLR 23, 2022, arXiv:2007.04074): the next method is the
one that raises the mean over tasks of the best score so far the most. It needs the journal of ``main_job_dev``
(``--resume FILE``), and plays what is missing there; the targets of ``main_job`` are never looked at. The order is
written to ``autotransfer/portfolio.json``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

import autotransfer
from autotransfer.errors import InputError
from autotransfer.plugins import load_catalogue
from autotransfer.portfolio import FILE
from benchmarks import main_job_dev
from benchmarks.campaign import read_journal
from benchmarks.harness import Arguments, Result
from benchmarks.outcome import Outcome

SEPARATOR = " × "

Values = dict[str, dict[str, float]]
"""method -> task -> share of what could be gained there."""


def run(args: Arguments) -> Result:
    """Rank the methods and write the file. Raises ``InputError`` without a journal."""
    if args.resume is None:
        raise InputError("portfolio: it needs --resume FILE, the journal of main_job_dev")
    main_job_dev.run(args)
    outcomes = read_journal(args.resume)
    unseen: Values = {name: {} for name, method in load_catalogue().methods.items() if method.is_transfer()}
    ranked = greedy(unseen | values(outcomes))
    tasks = len({outcome.task for outcome in outcomes if not outcome.poisoned})
    content = {"made_by": "python -m benchmarks portfolio --resume FILE", "tasks": tasks, "methods": ranked}
    target = Path(autotransfer.__file__).parent / FILE
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return Result("portfolio", (), ranked)


def values(outcomes: Sequence[Outcome]) -> Values:
    """Of each method with its best source: (score - no transfer) / (best arm - no transfer) on test rows, within
    [-1, 1], mean over seeds; tasks where nothing is gained, poisoned ones among them, are left out."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        base = outcome.no_transfer
        if outcome.poisoned or base is None:
            continue
        best: dict[str, float] = {}
        for arm, score in outcome.arms.items():
            method, separator, _ = arm.partition(SEPARATOR)
            if separator:
                best[method] = max(score, best.get(method, -np.inf))
        reach = max(best.values(), default=base) - base
        for method, score in best.items() if reach > 0 else ():
            found[method][outcome.task].append(float(np.clip((score - base) / reach, -1, 1)))
    return {method: {task: float(np.mean(each)) for task, each in tasks.items()} for method, tasks in found.items()}


def greedy(found: Mapping[str, Mapping[str, float]]) -> list[dict[str, str | float]]:
    """Methods in order, each with the mean of the best values so far and with its own mean. A method without a value on
    a task gains nothing there (it did not finish); ties go to the higher mean of its own, then to the name."""
    tasks = sorted({task for values in found.values() for task in values})
    rows = {method: np.array([values.get(task, 0.0) for task in tasks]) for method, values in sorted(found.items())}
    reached = np.zeros(len(tasks))
    ranked: list[dict[str, str | float]] = []
    while rows:
        method = max(rows, key=lambda name: (np.maximum(reached, rows[name]).mean(), rows[name].mean()))
        alone = rows.pop(method)
        reached = np.maximum(reached, alone)
        ranked.append(
            {"method": method, "together": round(float(reached.mean()), 4), "alone": round(float(alone.mean()), 4)}
        )
    return ranked
