"""What the guard ships for each AfriSenti language, beside what the best validation score would ship."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autotransfer.data import Dataset
from autotransfer.job import fit
from autotransfer.settings import Settings
from autotransfer.trial import Status
from benchmarks.arms import Refit, Saved, model_losses
from benchmarks.languages.tweets import CLASSES, SOURCES, TARGETS, rows
from benchmarks.tasks.task import Task

LABELLED = 100
_SOURCE_ROWS = 600
METHODS = ("pooled", "weighted_pooling", "source_only", "self_learning_alignment", "procrustes_alignment")
POINT = 0.01


def compared(data: Path, budget: float, few: int | None) -> list[dict[str, Any]]:
    """A row a target: accuracies on test tweets. 100 labelled tweets (of ``dev`` where there is no training part),
    three source languages by lot, 600 tweets each."""
    rng, found = np.random.default_rng(0), []
    for target in TARGETS[: few or len(TARGETS)]:
        names = [str(name) for name in rng.choice([s for s in SOURCES if s != target], 3, replace=False)]
        with tempfile.TemporaryDirectory() as folder:
            found.append(_one(data, target, names, budget, Path(folder)))
        print(f"guarded {target}", file=sys.stderr, flush=True)
    return found


def _one(data: Path, target: str, names: list[str], budget: float, folder: Path) -> dict[str, Any]:
    part = "train" if target in SOURCES else "dev"
    labelled = rows(data, target, part, LABELLED)
    sources = tuple(_written(rows(data, name, "train", _SOURCE_ROWS), folder / f"{name}.csv") for name in names)
    test = _written(rows(data, target, "test", 1000), folder / "test.csv")
    task = Task(target, _written(labelled, folder / f"{target}.csv"), sources, test, "accuracy", poisoned=False)
    settings = Settings(label="label", text="text", metric="accuracy", methods=METHODS, workers=0, budget=budget)
    settings = replace(settings, test=test, out=folder / "run")
    run = fit(task.target, list(sources), settings=settings)
    board = [r for r in run.record.leaderboard if r.status is Status.COMPLETE and r.val_score is not None]
    best = max(board, key=lambda record: record.val_score or 0.0)
    baseline = run.record.verdict.baseline
    if baseline is None:
        raise RuntimeError(f"{target}: no model without transfer finished")
    shipped, unguarded, without = (
        1.0 - float(model_losses(task, model).mean())
        for model in (Saved(run.folder / "model"), Refit(best.choice, 0), Refit(baseline, 0))
    )
    row: dict[str, Any] = {
        "table": "AfriSenti, 100 labels: accuracy on test",
        "target": target,
        "sources": " ".join(names),
    }
    row |= {"without transfer": without, "best in validation": unguarded, "shipped": shipped}
    row |= {"arm": str(best.choice.arm), "decision": str(run.record.verdict.decision)}
    return {**row, "worse without guard": harmful(unguarded, without), "worse with guard": harmful(shipped, without)}


def harmful(score: float, baseline: float) -> bool:
    """By more than a point."""
    return score < baseline - POINT - 1e-9


def _written(data: Dataset, path: Path) -> str:
    labels = np.array(CLASSES, dtype=object)[data.labels]
    pd.DataFrame({"text": data.inputs, "label": labels}).to_csv(path, index=False)
    return str(path)
