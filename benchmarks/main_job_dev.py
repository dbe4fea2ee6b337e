"""The main job on the development targets: what may be looked at while the engine is being built."""

from __future__ import annotations

from benchmarks.campaign import Campaign, play_all
from benchmarks.harness import Arguments, Result
from benchmarks.tasks.lists import QUICK_DEV, dev_tasks


def run(args: Arguments) -> Result:
    """Play every development task under every seed."""
    return play_all(Campaign("main_job_dev", dev_tasks(), QUICK_DEV), args)
