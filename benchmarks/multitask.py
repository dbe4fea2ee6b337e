"""Many tasks with few labelled rows each: every multi-task method beside models of single tasks.

School (139 tasks with values, explained variance) and Landmine (29 tasks with two classes, mean AUC), some training
rows of each task drawn at random, all others to test. Settings, and which multi-task method speaks for all in the bars,
are chosen by five folds of the training rows; test rows choose nothing. Linear models are compared at all sizes,
networks, which take a hundred times as long, at one. On School ``cross_stitch`` and ``auxiliary_cosine`` are left out:
they train 139 networks in each fit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from autotransfer_multitask.auxiliary_cosine import AuxiliaryCosine
from autotransfer_multitask.cross_stitch import CrossStitch
from autotransfer_multitask.gradient_clusters import found_clusters
from autotransfer_multitask.linear import LinearRows
from autotransfer_multitask.rows import gather

from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.method import Method
from autotransfer.task import Context
from benchmarks.harness import Arguments, Bar, Result, above, at_least, at_most
from benchmarks.sharing.cases import CLUSTERS, Case, landmine, school
from benchmarks.sharing.compared import Compared, compared
from benchmarks.sharing.gradients import differences

PARTS = ("gradients", "clusters", "landmine", "school")
"""For ``--tasks``."""
SIZES = {"landmine": (20, 40, 80, 160), "school": (10, 20, 40)}
"""Training rows of each task."""
WITH_NETWORKS = {"landmine": 80, "school": 20}
"""The size at which networks are compared too, on fewer parts; in a quick run the only one, networks with defaults."""
_LEFT_OUT: dict[str, tuple[type[Method], ...]] = {"landmine": (), "school": (AuxiliaryCosine, CrossStitch)}
_AGREEMENT = 0.6


def run(args: Arguments) -> Result:
    """``--quick``: one size and one part of each, on Landmine networks with their defaults, on School none. --seeds:
    number of parts."""
    wanted = args.tasks or PARTS
    for name in wanted:
        if name not in PARTS:
            raise InputError(f"--tasks {name}: multitask has no such part; it has {', '.join(PARTS)}")
    bars: list[Bar] = []
    rows: list[dict[str, Any]] = []
    if "gradients" in wanted:
        bars += _gradients()
    if "clusters" in wanted:
        found = list(_clusters(landmine(args.data)))
        rows += found
        bars.append(
            at_least("Landmine's two clusters, all rows: adjusted Rand", found[-1]["adjusted Rand"], _AGREEMENT)
        )
    for name, read in (("landmine", landmine), ("school", school)):
        if name in wanted:
            bars += _compare(read(args.data), args, name, rows)
    return Result("multitask", bars, rows)


def _compare(case: Case, args: Arguments, name: str, rows: list[dict[str, Any]]) -> Iterator[Bar]:
    for size in (WITH_NETWORKS[name],) if args.quick else SIZES[name]:
        networks = size == WITH_NETWORKS[name] and not (args.quick and name == "school")
        parts = args.seeds or (1 if args.quick else 2 if networks else 4)
        left_out = (AuxiliaryCosine,) if args.quick else _LEFT_OUT[name]
        chosen = methods(left_out, networks=networks)
        found: Compared = compared(case, size, parts, chosen, networks=not args.quick)
        rows += found.rows()
        words = f"{case.name}, {size} rows a task: best multi-task method in folds over single tasks"
        yield above(words, found.gain(), 0.0)


def methods(left_out: tuple[type[Method], ...] = (), *, networks: bool = True) -> list[type[Method]]:
    """The family's, single tasks first."""
    from autotransfer_multitask import transfer_methods

    kept = [method for method in transfer_methods() if method not in left_out]
    return kept if networks else [method for method in kept if not method.libraries]


def _gradients() -> Iterator[Bar]:
    try:
        found: dict[str, float | None] = dict(differences())
    except MissingDependencyError as error:
        print(f"combined gradients were not compared: {error}", file=sys.stderr, flush=True)
        found = dict.fromkeys(("pcgrad", "mgda", "cagrad"))
    for name, value in found.items():
        yield at_most(f"{name}: largest difference from TorchJD's", value, 1e-5)


def _clusters(case: Case) -> Iterator[dict[str, Any]]:
    """How well two clusters of tasks agree with the two kinds of ground, by labelled rows a task."""
    from sklearn.metrics import adjusted_rand_score

    for size in (40, 80, 160, 10**6):
        agreement = []
        for seed in range(1 if size == 10**6 else 5):
            rng = np.random.default_rng(seed)
            drawn = [rng.permutation(np.flatnonzero(case.task == k))[:size] for k in range(len(CLUSTERS))]
            rows = LinearRows.of(gather(case.learning(np.concatenate(drawn))))
            groups = found_clusters(rows, np.zeros(len(CLUSTERS), np.int64), 2, 1.0, Context())
            agreement.append(adjusted_rand_score(CLUSTERS, groups))
        yield {
            "table": "Landmine's two kinds of ground, told by gradients",
            "rows a task": "all" if size == 10**6 else size,
            "draws": len(agreement),
            "adjusted Rand": float(np.mean(agreement)),
            "worst": min(agreement),
        }
