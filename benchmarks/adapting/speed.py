"""Shallow methods beside skada's, on the same rows, in turn in one run, by processor and by wall-clock time.

Ours is timed as a run fits it: scaling, adaptation and a learner that only stores its rows. Theirs is the adapter's
``fit_transform`` alone. Both run in processes of their own, begun in turn from the same rows, with the same number of
threads.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from autotransfer.data import Array
from autotransfer.method import Method
from benchmarks.adapting.transduction import NEAREST, fitted
from benchmarks.harness import Bar, at_most

ROWS, COLUMNS, DIMS = 5000, 512, 20
SECONDS = 60
"""Processor seconds after which a side is ended: its time is then at least that."""


@dataclass(frozen=True)
class Contest:
    """:param method: ours. :param adapter: skada's, made late: the library takes seconds to import."""

    name: str
    method: Method
    adapter: Callable[[], Any]


def speed(quick: bool) -> tuple[list[Bar], list[dict[str, Any]]]:
    """A bar for the largest ratio of our processor time to theirs, and a row a method."""
    n = ROWS // 5 if quick else ROWS
    name = f"speed, {n} + {n} rows: largest share of skada's processor time that a shallow method takes"
    if find_spec("skada") is None:
        return [at_most(f"{name} (not measured: pip install 'autotransfer[dev]')", None, 1.0)], []
    S, y, T = rows_of(n)
    found = [row(contest, S, y, T) for contest in contests()]
    return [at_most(name, max(each["ours / theirs"] for each in found), 1.0)], found


def rows_of(n: int) -> tuple[Array, Array, Array]:
    """Correlated source rows, their classes, and target rows: turned a little, stretched and moved."""
    rng = np.random.default_rng(0)
    mix = rng.normal(size=(COLUMNS, COLUMNS)) / np.sqrt(COLUMNS)
    y = np.arange(n) % 2
    S = (rng.normal(size=(n, COLUMNS)) + 0.5 * y[:, None]) @ mix
    T = (rng.normal(size=(n, COLUMNS)) + 0.5 * y[:, None]) @ (mix + 0.1 * np.eye(COLUMNS)) + 0.2
    return S, y, T


def row(contest: Contest, S: Array, y: Array, T: Array) -> dict[str, Any]:
    """Ours, theirs, ours: ours counts by the slower of the two."""
    adapter = contest.adapter()
    first = timed(lambda: fitted(contest.method, S, y, T))
    theirs = timed(lambda: _adapt(adapter, S, y, T))
    mine = max(first, timed(lambda: fitted(contest.method, S, y, T)))
    ended = theirs[0] >= SECONDS
    return {
        "table": f"speed, {len(S)} + {len(T)} rows of {COLUMNS} columns",
        "method": contest.name,
        "ours (s, processor)": round(mine[0], 2),
        "skada (s, processor)": f"> {SECONDS}" if ended else round(theirs[0], 2),
        "ours (s, wall)": round(mine[1], 2),
        "skada (s, wall)": round(theirs[1], 2),
        "ours / theirs": round(mine[0] / theirs[0], 3),
    }


def timed(action: Callable[[], object], seconds: int = SECONDS) -> tuple[float, float]:
    """Processor and wall-clock seconds of an action in a process of its own; ``seconds`` of the first when it was
    ended."""
    context = multiprocessing.get_context("fork")
    answer, question = context.Pipe(duplex=False)
    process = context.Process(target=_act, args=(action, seconds, question))
    started = time.perf_counter()
    process.start()
    question.close()
    try:
        found: tuple[float, float] = answer.recv()
    except EOFError:
        found = float(seconds), time.perf_counter() - started
    process.join()
    return found


def _act(action: Callable[[], object], seconds: int, answer: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    wall, processor = time.perf_counter(), time.process_time()
    action()
    answer.send((time.process_time() - processor, time.perf_counter() - wall))


def _adapt(adapter: Any, S: Array, y: Array, T: Array) -> object:
    X, domain = np.concatenate([S, T]), np.repeat([1, -2], [len(S), len(T)])
    return adapter.fit_transform(X, np.concatenate([y, np.full(len(T), -1)]), sample_domain=domain)


def contests() -> list[Contest]:
    """Method by method. KMM and transport work on parts of many rows, as their docstrings say; skada's on all."""
    import skada
    from autotransfer_adaptation.coral import Coral
    from autotransfer_adaptation.kliep import Kliep
    from autotransfer_adaptation.kmm import KernelMeanMatching
    from autotransfer_adaptation.optimal_transport import OptimalTransport
    from autotransfer_adaptation.subspace_alignment import SubspaceAlignment
    from autotransfer_adaptation.tca import Tca

    near = 1.0 / COLUMNS
    return [
        Contest("CORAL", Coral(NEAREST), lambda: skada.CORALAdapter(reg=0.1)),
        Contest("SA", SubspaceAlignment(NEAREST), lambda: skada.SubspaceAlignmentAdapter(n_components=DIMS)),
        Contest(
            "TCA", Tca(NEAREST, kernel="gaussian"), lambda: skada.TransferComponentAnalysisAdapter(n_components=DIMS)
        ),
        Contest("KMM", KernelMeanMatching(NEAREST), lambda: skada.KMMReweightAdapter(gamma=near, max_iter=100)),
        Contest("KLIEP", Kliep(NEAREST), lambda: skada.KLIEPReweightAdapter(gamma=[near / 4, near, 4 * near])),
        Contest(
            "OT, entropy",
            OptimalTransport(NEAREST, class_weight=0.0),
            lambda: skada.EntropicOTMappingAdapter(reg_e=0.05, norm="median"),
        ),
        Contest(
            "OT, classes",
            OptimalTransport(NEAREST),
            lambda: skada.ClassRegularizerOTMappingAdapter(reg_e=50.0, reg_cl=5.0),
        ),
    ]
