"""Which tasks the shipped experience is made of: each data set with several label budgets, some sources ruined."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.experiencing.populations import POPULATIONS, Population
from benchmarks.experiencing.shifts import RUINS, ruined
from benchmarks.tasks.rows import Rows, distinct, split_labelled
from benchmarks.tasks.task import Parts, Recipe

BUDGETS = (60, 20, 200, 1000)
"""Labelled target rows."""
NETWORK_BUDGETS = (60, 20, 200)
"""The same for networks, each trial of which takes the time of many."""
ZOO = ("zoo:photo-resnet", "zoo:photo-vit")
MOST_SOURCE, MOST_TEST, LEAST_TEST = 500, 800, 70


@dataclass(frozen=True)
class Plan:
    """A task of the experience.

    :param recipe: its files. ``budget``: labelled rows. ``models``: pretrained networks that take the place of sources.
    """

    population: Population
    recipe: Recipe
    budget: int
    models: tuple[str, ...] = ()


def plans(budgets: Sequence[int] = BUDGETS) -> list[Plan]:
    """All tasks. Every data set comes once before any comes again, neighbours with different budgets, so that a part of
    the list has the breadth of the whole."""
    found = []
    for turn in range(len(budgets)):
        for number, p in enumerate(POPULATIONS):
            n = budgets[(number + turn) % len(budgets)]
            found.append(Plan(p, Recipe(f"{p.name} {p.metric} {n} labels", partial(_load, p, n), p.metric), n))
    return found


def network_plans(budgets: Sequence[int] = NETWORK_BUDGETS) -> list[Plan]:
    """Images with the networks of the zoo as sources."""
    named = [(p, n) for n in budgets for p in POPULATIONS if p.images]
    return [
        Plan(p, Recipe(f"{p.name} {p.metric} {n} labels, networks", partial(_load, p, n), p.metric), n, ZOO)
        for p, n in named
    ]


def _load(population: Population, budget: int, data: Path, seed: int) -> Parts:
    """Raises ``ValueError`` where the data set has too few rows for the budget."""
    rng = np.random.default_rng([seed, budget, zlib.crc32(population.name.encode())])
    if population.split is None:
        target = distinct(population.load(data))
        sources = {name: load(data) for name, load in population.sources.items()}
    else:
        target, far = population.split(population.load(data))
        sources = {"far": far}
    if len(target) < budget + LEAST_TEST:
        raise ValueError(f"{population.name}: {len(target)} rows are too few for {budget} labels")
    regression = population.metric == "rmse"
    train, test = split_labelled(target, budget, seed, regression=regression)
    test = test.take(rng.permutation(len(test))[:MOST_TEST])
    known = np.isin(test.y, train.y) if not regression else np.ones(len(test), dtype=bool)
    chosen = {name: _some(rows, rng) for name, rows in sources.items()}
    first = next(iter(chosen))
    how = RUINS[int(rng.integers(len(RUINS)))]
    if len(chosen) < 3:
        chosen[how] = ruined(_some(sources[first], rng), how, rng)
    return Parts(train, test.take(np.flatnonzero(known)), chosen)


def _some(rows: Rows, rng: np.random.Generator) -> Rows:
    return rows.take(rng.permutation(len(rows))[: int(rng.integers(100, MOST_SOURCE + 1))])
