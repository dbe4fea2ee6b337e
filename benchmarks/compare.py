"""Several campaigns of the main job side by side, by their journals: other budgets, other selectors, the same runs.

``python -m benchmarks compare --tasks A.jsonl,B.jsonl``. A campaign that tries fewer arms has a weaker best arm in
hindsight, which flatters the share of it that it captures. Here all are measured by the same: no transfer is the mean
over the campaigns, and the best arm is the best that any of them found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.errors import InputError
from benchmarks.campaign import read_journal
from benchmarks.harness import Arguments, Result
from benchmarks.outcome import WORTHWHILE, Outcome, TaskSummary, captured_share, harmful_share, summarise


def run(args: Arguments) -> Result:
    """A row a journal, over the runs (task and seed) that all of them have."""
    if len(args.tasks) < 2:
        raise InputError("compare: name two journals of main_job or more by --tasks A.jsonl,B.jsonl")
    played = {name: {(o.task, o.seed): o for o in read_journal(Path(name))} for name in args.tasks}
    common = sorted(set.intersection(*(set(found) for found in played.values())))
    if not common:
        raise InputError(f"compare: {', '.join(args.tasks)} have no run in common")
    return Result("compare", [], rows({name: [found[key] for key in common] for name, found in played.items()}))


def rows(campaigns: Mapping[str, Sequence[Outcome]]) -> list[dict[str, Any]]:
    """Of each campaign: harm, the share of its own best arm, the share of the best of all, the runs that had a gain."""
    summaries = {
        name: {s.task: s for s in summarise(o for o in found if not o.poisoned)} for name, found in campaigns.items()
    }
    return [
        {
            "campaign": name,
            "runs": len(found),
            "harmful": harmful_share(found, poisoned=False),
            "harmful, poisoned": harmful_share(found, poisoned=True),
            "captured of its own best": captured_share(found),
            "captured of the best of all": shared(summaries, name),
            "transfers": sum(o.decision == "transfer" for o in found),
            "seconds": float(np.mean([o.seconds for o in found])),
        }
        for name, found in campaigns.items()
    ]


def shared(summaries: Mapping[str, Mapping[str, TaskSummary]], name: str) -> float | None:
    """Mean over the tasks where there is something worthwhile to gain; None without any."""
    shares = []
    for task, mine in summaries[name].items():
        all_of_them = [found[task] for found in summaries.values() if task in found]
        base = float(np.mean([summary.no_transfer for summary in all_of_them]))
        best = max(summary.hindsight for summary in all_of_them)
        if best - base > WORTHWHILE * (abs(base) if mine.regression else 1.0):
            shares.append((mine.shipped - base) / (best - base))
    return float(np.mean(shares)) if shares else None
