"""One run of the main job, started as a user starts it, and the test losses of everything that it tried."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from autotransfer.data import Array
from autotransfer.executors.executor import Limits
from autotransfer.executors.pool import WorkerPool
from autotransfer.experience.journal import OFF, VARIABLE
from autotransfer.run import Run
from autotransfer.trial import Arm
from benchmarks.arms import Refit, Saved, model_losses
from benchmarks.judge import POOLED, Played, best_trials, failed, judge
from benchmarks.outcome import Outcome
from benchmarks.tasks.task import Task

Key = TypeVar("Key", bound=Hashable)

SHIPPED = "shipped"
REFIT_SECONDS = 30.0
GRACE_SECONDS = 120.0
"""A run that is still going this long after its budget has failed. Models that a run cannot be judged without, the
shipped one and the baseline, have as long."""


def play(task: Task, seed: int, budget: float, core: int | None = None, selector: str = "evidence") -> Outcome:
    """Run the command in a process of its own, then score its models on the test file.

    With ruined sources nobody asks for the best arm in hindsight: no-transfer and pooled are scored then, not all arms.

    :param core: the only processor core that the run may use; None: all of them.
    :param selector: what orders the run's arms. Of experience it has what ships alone: other seeds of the task, which
        have its test rows among their labelled ones, would tell.
    """
    folder = Path(task.target).parent / "run"
    begin = time.monotonic()
    error = _fit(task, ("--seed", str(seed), "--selector", selector), budget, folder, core)
    seconds = time.monotonic() - begin
    if error is not None:
        return failed(task, seed, seconds, error)
    record = Run.load(folder).record
    models: dict[Arm | str, Refit | Saved] = {SHIPPED: Saved(folder / "model")}
    wanted = {
        arm: trial
        for arm, trial in best_trials(record.leaderboard).items()
        if not task.poisoned or arm.source is None or arm.method == POOLED
    }
    models |= {arm: Refit(trial.choice, seed) for arm, trial in wanted.items()}
    losses = losses_of(task, models, 2 if core is None else 1)
    if SHIPPED not in losses:
        return failed(task, seed, seconds, "its model cannot predict the test rows")
    arms = {arm: values for arm, values in losses.items() if isinstance(arm, Arm)}
    return judge(Played(task, seed, seconds, record, losses[SHIPPED], arms))


def _fit(task: Task, options: Sequence[str], budget: float, run: Path, core: int | None) -> str | None:
    """Why there is no model, or None."""
    command = [] if core is None else ["taskset", "--cpu-list", str(core)]
    command += [sys.executable, "-m", "autotransfer", "fit", task.target, "--test", task.test, "--metric", task.metric]
    command += [part for source in task.sources for part in ("--source", source)]
    command += ["--budget", f"{budget}s", *options, "--out", str(run), "--json"]
    environment = {**os.environ, VARIABLE: OFF}
    try:
        limit = budget + GRACE_SECONDS
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return f"still running {GRACE_SECONDS:.0f} s after its budget"
    return None if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"


def losses_of(task: Task, models: Mapping[Key, Refit | Saved], workers: int = 2) -> dict[Key, Array]:
    """Test losses of each model, in other processes; models that fail or take long are left out."""
    found: dict[Key, Array] = {}
    waiting = list(models.items())
    running: dict[int, Key] = {}
    pool: WorkerPool[Refit | Saved, Array] = WorkerPool(model_losses, task, workers, preload=("benchmarks.arms",))
    with pool:
        while waiting or running:
            while waiting and len(running) < pool.capacity:
                key, model = waiting.pop(0)
                running[pool.submit(model, Limits(_limit(model)))] = key
            for finished in pool.wait(GRACE_SECONDS):
                key = running.pop(finished.ticket)
                if finished.outcome is not None:
                    found[key] = finished.outcome
                else:
                    print(f"  {key}: no test score ({finished.error})", file=sys.stderr)
    return found


def _limit(model: Refit | Saved) -> float:
    essential = isinstance(model, Saved) or model.choice.source is None
    return GRACE_SECONDS if essential else REFIT_SECONDS
