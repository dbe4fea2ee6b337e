"""Every method on Omniglot: chosen on two alphabets of the background that it has not learned from, and only then
tested by the official runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from autotransfer_fewshot.anil import Anil
from autotransfer_fewshot.baseline_plus_plus import BaselinePlusPlus
from autotransfer_fewshot.maml import Maml
from autotransfer_fewshot.matching_networks import MatchingNetworks
from autotransfer_fewshot.prototypical_networks import PrototypicalNetworks
from autotransfer_fewshot.simple_shot import SimpleShot

from autotransfer.data import Dataset
from autotransfer.method import Method
from autotransfer.task import Source, Task
from benchmarks.shots.measure import Found, Runs, interval, on_runs, say
from benchmarks.shots.omniglot import WAYS, Characters, background, held_out_runs, official_runs

HELD_OUT = (2, 6)
"""Numbers, in alphabetical order, of the two of eight alphabets that choose the method."""
TABLE = "Omniglot, 20-way one-shot within an alphabet (error)"


def methods(scale: float) -> list[Method]:
    """What is compared, with about equal time; ``scale``: of the passes."""
    few, more = max(1, round(6 * scale)), max(1, round(20 * scale))
    return [
        SimpleShot(),
        PrototypicalNetworks(passes=more, ways=WAYS, turned=True),
        MatchingNetworks(passes=more, ways=WAYS, turned=True),
        BaselinePlusPlus(epochs=2 * more),
        Maml(passes=few, turned=True),
        Anil(passes=few, turned=True),
    ]


def drawings(data: Path, scale: float, final: int) -> tuple[list[dict[str, Any]], float, float]:
    """Rows of the table; the winner's test error in per cent after it has learned from all alphabets, and the seconds
    that this took.

    :param final: passes of the winner over all alphabets.
    """
    characters, tests = background(data), list(official_runs(data))
    alphabets = np.unique(characters.alphabet)
    held = alphabets[list(HELD_OUT)]
    chosen_by = list(held_out_runs(characters, held, 40))
    source = characters.source(np.setdiff1d(alphabets, held))
    rows, errors = [], {}
    for method in methods(scale):
        found = on_runs(method, *_encoded(method, source, [chosen_by, tests]))
        errors[method] = 1 - interval(found.accuracies[0])[0]
        rows.append(_row(f"{method.name}, six alphabets", found, errors[method]))
    winner = min(errors, key=lambda method: errors[method])
    everything = _longer(winner, final)
    found = on_runs(everything, *_encoded(winner, _all(characters), [tests]))
    rows.append(_row(f"{winner.name}, all eight alphabets", found, None))
    return rows, 100 * (1 - interval(found.accuracies[-1])[0]), found.wall


def _all(characters: Characters) -> Source:
    return characters.source(np.unique(characters.alphabet))


def _longer(method: Method, passes: int) -> Method:
    field = "passes" if hasattr(method, "passes") else "epochs"
    return replace(method, **{field: passes}) if hasattr(method, field) else method  # type: ignore[type-var]


def _row(name: str, found: Found, held_out: float | None) -> dict[str, Any]:
    mean, half = interval(found.accuracies[-1])
    say(f"omniglot: {name}: held out {held_out}, test {1 - mean:.4f}")
    return {
        "table": TABLE,
        "method": name,
        "held-out %": None if held_out is None else 100 * held_out,
        "test %": 100 * (1 - mean),
        "± %": 100 * half,
        "cpu s": found.seconds,
        "wall s": found.wall,
        "peak MiB": found.peak,
    }


def _encoded(method: Method, source: Source, sets: list[Runs]) -> tuple[Source, list[Runs]]:
    """For methods without a network, histograms of gradients in place of the drawings."""
    from autotransfer.data import Modality
    from autotransfer.encoders.hog import HogEncoder

    if Modality.IMAGE in method.modalities:
        return source, sets
    encoder = HogEncoder().fit(source.rows)

    def turn(rows: Dataset) -> Dataset:
        return rows.with_inputs(encoder.transform(rows))

    def task(one: Task) -> Task:
        return replace(one, train=turn(one.train))

    return replace(source, data=turn(source.rows)), [[(task(one), turn(rows)) for one, rows in runs] for runs in sets]
