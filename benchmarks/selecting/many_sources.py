"""100,000 sources narrowed to 20: how fast, in how much memory, and how near to scoring all of them in full."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from autotransfer.data import Array
from autotransfer.sourcebook.book import write_book
from autotransfer.sourcebook.shortlist import KEPT
from benchmarks.harness import Arguments, at_least, below
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting.real_classes import SPACE, real_classes

_SOURCES, _TARGETS, _MOST, _WHOLE_DOMAIN, _SHIFT = 100_000, 20, 16, 0.7, 0.5
_SECONDS, _RECALL, _MEBIBYTES = 1.0, 0.95, 1024.0


@dataclass(frozen=True, eq=False)
class Crowd:
    """Simulated sources or targets. :param offsets: (n + 1,) of each one's class means (m, d)."""

    offsets: Array
    means: Array

    def of(self, number: int) -> Array:
        """(p, d) class means of one."""
        return np.asarray(self.means[self.offsets[number] : self.offsets[number + 1]])


def measure(arguments: Arguments) -> Part:
    """Real classes make the sources: half of each class's rows for sources, the other half for targets. One thread."""
    with _one_thread():
        return _measure(real_classes(arguments.data))


def _one_thread() -> AbstractContextManager[object]:
    """Products so small are no work for two threads, least of all where there is other work."""
    import torch  # noqa: F401 - only what is loaded already can be kept to one thread

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def _measure(domains: Mapping[str, Array]) -> Part:
    sources = simulate({name: rows[:, ::2] for name, rows in domains.items()}, _SOURCES, seed=0)
    targets = simulate({name: rows[:, 1::2] for name, rows in domains.items()}, _TARGETS, seed=1)
    names = tuple(f"source-{number}" for number in range(_SOURCES))
    with tempfile.TemporaryDirectory(prefix="autotransfer-") as scratch:
        write_book(Path(scratch) / "book", SPACE, names, sources.offsets, sources.means)
        found = _search(Path(scratch), targets)
    best = exhaustive(sources, targets)
    recalls = [
        len({int(name.removeprefix("source-")) for name in one["names"]} & set(mine.tolist())) / KEPT
        for one, mine in zip(found["targets"], best, strict=True)
    ]
    slowest = max(one["seconds"] for one in found["targets"])
    row = {
        "table": "many sources",
        "sources": _SOURCES,
        "class means": len(sources.means),
        "recall@20": float(np.mean(recalls)),
        "lowest recall@20": min(recalls),
        "seconds": slowest,
        "peak MiB": found["peak MiB"],
    }
    bars = [
        below("many sources: seconds from 100,000 to 20, slowest of 20 targets", slowest, _SECONDS),
        at_least("many sources: recall@20 against exhaustive scoring", row["recall@20"], _RECALL),
        below("many sources: MiB of memory", row["peak MiB"], _MEBIBYTES),
    ]
    return Part([row], bars)


def simulate(domains: Mapping[str, Array], count: int, seed: int) -> Crowd:
    """Draws 2 to 16 classes each, in 70 % of one domain, else of any; of each class a random mixture of its real rows,
    moved by a part of the way from the class's domain to another one, the same for all classes of a source.

    :param domains: name -> (classes, rows, d).
    """
    rng = np.random.default_rng(seed)
    rows = np.concatenate(list(domains.values()))
    domain = np.repeat(np.arange(len(domains)), [len(each) for each in domains.values()])
    centres = np.stack([each.mean(axis=(0, 1)) for each in domains.values()])
    chosen = [_classes(rng, domain) for _ in range(count)]
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in chosen])])
    classes = np.concatenate(chosen)
    owner = np.repeat(np.arange(count), np.diff(offsets))
    means = np.empty((len(classes), rows.shape[2]), dtype=np.float32)
    for label in range(len(rows)):
        mine = classes == label
        means[mine] = rng.dirichlet(np.ones(rows.shape[1]), int(mine.sum())) @ rows[label]
    toward, part = rng.integers(len(domains), size=count)[owner], rng.uniform(0, _SHIFT, count)[owner]
    means += (part[:, None] * (centres[toward] - centres[domain[classes]])).astype(np.float32)
    return Crowd(offsets, means)


def exhaustive(sources: Crowd, targets: Crowd) -> list[Array]:
    """The 20 best sources of each target, every source scored from the formula alone in float64."""
    centre = sources.means.mean(axis=0, dtype=np.float64)
    asked = [_directions(targets.of(number), centre) for number in range(len(targets.offsets) - 1)]
    cuts = np.cumsum([len(each) for each in asked])[:-1]
    all_asked = np.concatenate(asked).T
    scores = np.empty((len(asked), len(sources.offsets) - 1))
    for number in range(scores.shape[1]):
        nearest = (_directions(sources.of(number), centre) @ all_asked).max(axis=0)
        scores[:, number] = [part.mean() for part in np.split(nearest, cuts)]
    return [np.argsort(-each, kind="stable")[:KEPT] for each in scores]


def _directions(means: Array, centre: Array) -> Array:
    moved = means.astype(np.float64) - centre
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True))


def _classes(rng: np.random.Generator, domain: Array) -> Array:
    among = np.arange(len(domain))
    if rng.random() < _WHOLE_DOMAIN:
        among = np.flatnonzero(domain == domain[rng.integers(len(domain))])
    return rng.choice(among, min(int(rng.integers(2, _MOST + 1)), len(among)), replace=False)


def _search(scratch: Path, targets: Crowd) -> dict[str, Any]:
    arrays = {f"target{number}": targets.of(number) for number in range(len(targets.offsets) - 1)}
    np.savez(scratch / "targets.npz", allow_pickle=False, **arrays)
    command = [sys.executable, "-m", "benchmarks.selecting.narrow", str(scratch / "book"), str(scratch / "targets.npz")]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=one_thread, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
