"""Many runs of the main job, and a journal that lets an interrupted benchmark go on."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TypeAlias

from autotransfer.errors import InputError
from benchmarks.figures import bars, rows
from benchmarks.harness import Arguments, Result
from benchmarks.one_run import play
from benchmarks.outcome import Outcome
from benchmarks.tasks.task import Recipe

SEEDS, BUDGET = 3, 60.0
QUICK_SEEDS, QUICK_BUDGET = 1, 15.0

PlayOne: TypeAlias = Callable[[Recipe, int], Outcome]


@dataclass(frozen=True)
class Campaign:
    """A benchmark of many tasks. ``quick``: names of the tasks that ``--quick`` keeps."""

    name: str
    recipes: tuple[Recipe, ...]
    quick: tuple[str, ...]

    def chosen(self, names: Sequence[str], *, quick: bool) -> list[Recipe]:
        """The named tasks, else the quick ones, else all. Raises ``InputError`` for an unknown name."""
        known = {recipe.name: recipe for recipe in self.recipes}
        wanted = names or (self.quick if quick else tuple(known))
        for name in wanted:
            if name not in known:
                raise InputError(f"--tasks {name}: {self.name} has no such task; it has {', '.join(known)}")
        return [known[name] for name in wanted]


def play_all(campaign: Campaign, args: Arguments) -> Result:
    """Play the chosen tasks under each seed and sum them up."""
    recipes = campaign.chosen(args.tasks, quick=args.quick)
    seeds = range(args.seeds or (QUICK_SEEDS if args.quick else SEEDS))
    budget = args.budget or (QUICK_BUDGET if args.quick else BUDGET)
    cores: SimpleQueue[int | None] = SimpleQueue()
    for job in range(args.jobs):
        cores.put(None if args.jobs == 1 else job)
    journal = args.resume or Path(tempfile.mkdtemp(prefix=f"{campaign.name}-")) / "journal.jsonl"

    def play_one(recipe: Recipe, seed: int) -> Outcome:
        core = cores.get()
        try:
            with tempfile.TemporaryDirectory(prefix="main-job-") as folder:
                return play(recipe.build(args.data, seed, Path(folder)), seed, budget, core, args.selector)
        finally:
            cores.put(core)

    pairs = [(recipe, seed) for seed in seeds for recipe in recipes]
    outcomes = complete(journal, pairs, play_one, args.jobs)
    return Result(campaign.name, bars(outcomes), rows(outcomes))


def complete(journal: Path, pairs: Sequence[tuple[Recipe, int]], play_one: PlayOne, jobs: int = 1) -> list[Outcome]:
    """The outcome of each (task, seed): from the journal where it has one, else played now and appended to it.

    :param jobs: runs side by side.
    """
    known = {(outcome.task, outcome.seed): outcome for outcome in read_journal(journal)}
    missing = [(recipe, seed) for recipe, seed in pairs if (recipe.name, seed) not in known]
    tell(f"{len(missing)} runs to do, {len(pairs) - len(missing)} known; go on after a stop with --resume {journal}")
    begin = time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        playing = [pool.submit(play_one, recipe, seed) for recipe, seed in missing]
        for number, future in enumerate(as_completed(playing), start=1):
            outcome = future.result()
            with journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(outcome.to_json()) + "\n")
            known[outcome.task, outcome.seed] = outcome
            tell(f"[{number}/{len(missing)}] {line(outcome)} ({time.monotonic() - begin:.0f} s since the start)")
    return [known[recipe.name, seed] for recipe, seed in pairs]


def read_journal(journal: Path) -> list[Outcome]:
    """What was played before; a last line that was cut off does not count and is removed."""
    if not journal.exists():
        return []
    whole, end, rest = journal.read_text(encoding="utf-8").rpartition("\n")
    if rest:
        journal.write_text(whole + end, encoding="utf-8")
    return [Outcome.from_json(json.loads(text)) for text in whole.splitlines()]


def line(outcome: Outcome) -> str:
    """One run in words."""
    who = f"{outcome.task} seed {outcome.seed}"
    if outcome.shipped is None or outcome.no_transfer is None:
        return f"{who}: {outcome.error}"
    harm = ", HARM" if outcome.harmful else ""
    scores = f"no-transfer {abs(outcome.no_transfer):.4f}, shipped {abs(outcome.shipped):.4f}"
    return f"{who}: {outcome.decision}, {outcome.arm}; {scores}{harm}"


def tell(words: str) -> None:
    """Progress goes to stderr, so that stdout holds the result alone."""
    print(words, file=sys.stderr, flush=True)
