"""Does the answer help and never harm? The main job on public data, scored on rows that it never learned from.

Seven families of data, 14 targets with few labels, and 7 of the targets with sources that were ruined on purpose
(labels shuffled, labels flipped, unrelated rows); three seeds, 60 seconds a run. Nothing is tuned on these targets:
``main_job_dev`` has others.
"""

from __future__ import annotations

from benchmarks.campaign import Campaign, play_all
from benchmarks.harness import Arguments, Result
from benchmarks.tasks.lists import QUICK_MAIN, main_tasks


def run(args: Arguments) -> Result:
    """Play every task under every seed; ``--quick``: a part of the tasks, one seed, 15 seconds a run."""
    return play_all(Campaign("main_job", main_tasks(), QUICK_MAIN), args)
