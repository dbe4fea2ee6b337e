"""The table and the bars of the main job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Bar, at_least, at_most
from benchmarks.outcome import Outcome, TaskSummary, captured_share, harmful_share, summarise

HARM_TARGET, CAPTURED_TARGET = 0.05, 0.60


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A row a task, in the order of first appearance. Scores are test accuracy, or test RMSE (smaller is better)."""
    summaries = {summary.task: summary for summary in summarise(outcomes)}
    found = []
    for task in dict.fromkeys(outcome.task for outcome in outcomes):
        runs = [outcome for outcome in outcomes if outcome.task == task]
        row = {"task": task, **_scores(summaries.get(task))}
        row |= {
            "decisions": ", ".join(f"{count} {name}" for name, count in Counter(run.decision for run in runs).items()),
            "harmful": sum(run.harmful or run.shipped is None for run in runs),
            "runs": len(runs),
            "seconds": round(float(np.mean([run.seconds for run in runs])), 1),
        }
        found.append(row)
    return found


def _scores(summary: TaskSummary | None) -> dict[str, Any]:
    if summary is None:
        return dict.fromkeys(("no_transfer", "pooled", "autotransfer", "hindsight", "best_arm", "captured"))
    return {
        "no_transfer": shown(summary.no_transfer),
        "pooled": shown(summary.pooled),
        "autotransfer": shown(summary.shipped),
        "hindsight": shown(summary.hindsight),
        "best_arm": summary.best_arm,
        "captured": None if summary.captured is None else round(summary.captured, 3),
    }


def shown(value: float | None) -> float | None:
    """A larger-is-better score in the metric's own direction: minus RMSE becomes RMSE."""
    return None if value is None else round(abs(value), 4)


def bars(outcomes: Sequence[Outcome]) -> list[Bar]:
    """The three figures that the main job is held to. A figure without any run or task to stand on is not met."""
    return [
        at_most("harmful runs", harmful_share(outcomes, poisoned=False), HARM_TARGET),
        at_least("hindsight gain captured", captured_share(outcomes), CAPTURED_TARGET),
        at_most("harmful runs, poisoned sources", harmful_share(outcomes, poisoned=True), HARM_TARGET),
    ]
