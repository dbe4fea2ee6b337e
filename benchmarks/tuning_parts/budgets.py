"""The whole engine with the zoo as a source, and without any source, in the same time."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Arguments, Bar, at_least
from benchmarks.image_tasks import TASKS, ImageTask
from benchmarks.tuning_parts.journal import Journal
from benchmarks.tuning_parts.methods import GAINS, MODEL

BUDGETS = (60.0, 300.0)
NONE = "none"
"""In place of a source."""


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """What ``autotransfer.fit`` ships. ``--budget`` names one budget; ``--quick``: hymenoptera and 60 seconds."""
    budgets = (args.budget,) if args.budget else BUDGETS[:1] if args.quick else BUDGETS
    rows, bars, journal = [], [], Journal(args.resume)
    for name in ["hymenoptera"] if args.quick else list(TASKS):
        task = TASKS[name](args.data, 0)
        for budget in budgets:
            found = [
                journal.row({"task": name, "budget": budget, "source": source}, partial(shipped, task, source, budget))
                for source in (MODEL, NONE)
            ]
            rows += found
            gain = 100 * (found[0]["accuracy"] - found[1]["accuracy"])
            bars.append(at_least(f"{name}, {budget:g} s: fit with the zoo over without (points)", gain, GAINS[name]))
    return rows, bars


def shipped(task: ImageTask, source: str, budget: float) -> dict[str, Any]:
    """Test accuracy of a run's model, and what it is."""
    from autotransfer.job import fit
    from autotransfer.problem import RawData
    from autotransfer.settings import Settings

    names = sorted(set(task.raw.labels if task.raw.labels is not None else ()))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(budget=budget, test_size=0.0, out=Path(folder, "run"))
        run = fit(task.raw, [] if source == NONE else [source], settings=settings)
        told = run.predict(RawData("test", task.test.modality, task.test.inputs)).labels
        accuracy = float(np.mean(np.asarray(told) == np.array(names, dtype=object)[task.test.labels]))
        choice = run.verdict.choice
        about = {"method": choice.arm.method, "encoder": choice.encoder, "decision": str(run.verdict.decision)}
        return {**about, "trials": len(run.leaderboard), "accuracy": accuracy}
