"""What the product costs besides the methods: start-up, the engine's time for each trial, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.harness import Arguments, Bar, Result, at_most, below
from benchmarks.idle import NAME, IdlePlugin
from benchmarks.memory import peak_of_tree

HELP_RUNS = 5
TRIALS = 200
HEAVY = ("torch", "optuna")
COMMAND = (sys.executable, "-m", "autotransfer")


def run(args: Arguments) -> Result:
    """Five bars. ``--quick``: fewer trials and a shorter run."""
    trials, budget = (60, "20s") if args.quick else (TRIALS, "60s")
    bars = [
        below("autotransfer --help (s)", help_seconds(), 0.3),
        at_most(f"heavy imports of autotransfer --help ({', '.join(HEAVY)})", len(heavy_imports()), 0),
        below("engine time per trial, in process (ms)", engine_milliseconds(trials, workers=0), 30),
        below("engine time per trial, isolated worker (ms)", engine_milliseconds(trials, workers=1), 100),
        heart_memory(args.data, budget),
    ]
    rows = [{"measure": "round trip of an empty job (ms)", "two workers": round_trip_milliseconds()}]
    return Result("overhead", bars, rows)


def help_seconds() -> float:
    """Median wall-clock seconds of the help page."""
    seconds = []
    for _ in range(HELP_RUNS):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def heavy_imports() -> list[str]:
    """Which of ``HEAVY`` the help page imports."""
    command = [sys.executable, "-X", "importtime", "-m", "autotransfer", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return [name for name in HEAVY if name in imported]


def engine_milliseconds(trials: int, workers: int) -> float:
    """Median time from one finished trial to the next, for a method that does nothing: all of it is the engine's."""
    from autotransfer.data import Modality
    from autotransfer.job import fit
    from autotransfer.problem import RawData
    from autotransfer.settings import Settings

    rng = np.random.default_rng(0)
    target, source = (
        RawData(name, Modality.FEATURES, rng.normal(size=(200, 8)), np.array(["no", "yes"] * 100, dtype=object))
        for name in ("target", "source")
    )
    plugin = IdlePlugin()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(trials=trials, workers=workers, methods=(NAME,), budget=1200.0, out=Path(folder) / "run")
        fit(target, [source], settings=settings, plugins=[plugin])
    return 1000 * statistics.median(plugin.intervals())


def round_trip_milliseconds() -> float:
    """Mean time of an empty job in a pool, from the first to the last of many."""
    from autotransfer.executors.executor import Limits
    from autotransfer.executors.pool import WorkerPool

    with WorkerPool(max, 0, 2) as pool:
        for warm_up in range(2):
            pool.submit(warm_up, Limits())
        running = 2 - len(pool.wait(60.0))
        started = time.perf_counter()
        for job in range(TRIALS):
            pool.submit(job, Limits(seconds=60.0))
            running += 1
            while running == pool.capacity:
                running -= len(pool.wait(60.0))
        return 1000 * (time.perf_counter() - started) / TRIALS


def heart_memory(data: Path, budget: str) -> Bar:
    """Peak memory of ``autotransfer fit`` on heart disease, worker processes included, shared pages counted once."""
    from benchmarks.tasks.heart import RECIPES

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = RECIPES["hungarian"].build(data, 0, folder)
        sources = [word for source in task.sources for word in ("--source", source)]
        options = ["--test", task.test, "--budget", budget, "--out", str(folder / "run"), "--json"]
        log = folder / "log"
        with (
            log.open("w") as stderr,
            subprocess.Popen(
                [*COMMAND, "fit", task.target, *sources, *options],
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env={**os.environ, "AUTOTRANSFER_CACHE": str(folder / "cache")},
                text=True,
            ) as process,
        ):
            peak = peak_of_tree(process)
        words = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise RuntimeError(f"autotransfer fit ended with {process.returncode}: {words.strip()[-500:]}")
    return below("peak memory of the heart run (GB)", peak / 1e9, 1.0)
