"""What a benchmark task is: a recipe that makes files for a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.tasks.poison import POISONS, Poison
from benchmarks.tasks.rows import Rows


@dataclass(frozen=True)
class Task:
    """Paths of the files of one task under one seed.

    :param metric: name of the metric that is scored.
    :param poisoned: True when all sources were made harmful or useless on purpose.
    """

    name: str
    target: str
    sources: tuple[str, ...]
    test: str
    metric: str
    poisoned: bool

    @property
    def regression(self) -> bool:
        """True when the labels are values."""
        return self.metric == "rmse"


@dataclass(frozen=True, eq=False)
class Parts:
    """A task in memory.

    :param sources: name to rows. ``unrelated``: rows from elsewhere in the target's form; None: the sources with each
        column permuted by itself, which leaves the margins and destroys everything else.
    """

    target: Rows
    test: Rows
    sources: Mapping[str, Rows]
    unrelated: Rows | None = None


Load: TypeAlias = Callable[[Path, int], Parts]
"""(data folder, seed) -> parts."""


@dataclass(frozen=True)
class Recipe:
    """A task before its seed is known.

    :param load: reads the public data and cuts them.
    :param poison: what is done to the sources; None: nothing.
    """

    name: str
    load: Load
    metric: str = "accuracy"
    poison: Poison | None = None

    def poisoned(self, poison: Poison) -> Recipe:
        """The same task with ruined sources."""
        return Recipe(f"{self.name}/{poison}", self.load, self.metric, poison)

    def build(self, data: Path, seed: int, folder: Path) -> Task:
        """Write the files of this task into ``folder``."""
        parts = self.load(data, seed)
        sources = dict(parts.sources)
        if self.poison is not None:
            sources = POISONS[self.poison](sources, parts.unrelated, seed)
        return Task(
            self.name,
            parts.target.write(folder, "target"),
            tuple(rows.write(folder, name) for name, rows in sources.items()),
            parts.test.write(folder, "test"),
            self.metric,
            poisoned=self.poison is not None,
        )
