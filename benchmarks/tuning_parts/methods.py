"""Every method that trains a pretrained network further, on a few tasks with few labels; against the same network with
frozen features, and trained from scratch."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from benchmarks import zoo
from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.image_tasks import FEWER, TASKS, ImageTask
from benchmarks.tuning_parts.alone import alone
from benchmarks.tuning_parts.journal import Journal

if TYPE_CHECKING:
    from autotransfer.method import Method
    from autotransfer.task import Source

Work: TypeAlias = Callable[[], dict[str, Any]]

SEEDS = 2
MODEL = "zoo:photo-resnet"
FAMILIES = ("finetuning", "peft")
"""Plugins whose methods are tried, all that the network allows."""
WHOLE, SCRATCH, FROZEN = "fine_tuning", "from scratch", "frozen features"
LITTLE = ("lora", "conv_adapter", "residual_adapter", "bitfit")
"""Parameter-efficient methods that are held to full fine-tuning."""
FEWEST = (WHOLE, "linear_probe_fine_tuning", "l2_sp", "delta", *LITTLE)
"""Methods on the further tasks."""
GAINS = {"cifar10_20": 10.0, "hymenoptera": 5.0}


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """A row for each task, seed and method, at its defaults; nothing was tuned on these tasks. ``--quick``: one seed,
    hymenoptera, two methods. Rows go to standard error, and to the journal that ``--resume`` names: its rows are not
    measured again."""
    seeds = range(args.seeds or (1 if args.quick else SEEDS))
    found, journal = methods(), Journal(args.resume)
    plan: dict[str, tuple[str, ...]] = {"hymenoptera": (WHOLE, "lora")}
    if not args.quick:
        plan = dict.fromkeys(TASKS, tuple(found)) | dict.fromkeys(FEWER, FEWEST)
    known, rows = {**TASKS, **FEWER}, []
    for seed in seeds:
        for name, chosen in plan.items():
            task = known[name](args.data, seed)
            for method, work in works(task, {n: found[n] for n in chosen if n in found}, seed):
                about = {"task": name, "source": MODEL, "seed": seed, "method": method}
                rows.append(journal.row(about, partial(alone, work)))
    return rows, bars(rows)


def methods(model: str | None = None) -> dict[str, type[Method]]:
    """By name, those that take the network; None: :data:`MODEL`."""
    from autotransfer.plugins import load_catalogue

    catalogue, source = load_catalogue(), _opened(model)
    return {
        name: method
        for name, method in catalogue.methods.items()
        if catalogue.owners[f"method:{name}"] in FAMILIES and method.refuses(source) is None
    }


def works(task: ImageTask, chosen: Mapping[str, type[Method]], seed: int) -> Iterator[tuple[str, Work]]:
    """Frozen features, training from scratch, and each method."""
    yield FROZEN, partial(frozen, task, seed)
    yield SCRATCH, lambda: {"accuracy": zoo.from_scratch(task, seed)}
    for name, method in chosen.items():
        yield name, partial(fitted, method(), task, seed)


def fitted(method: Method, task: ImageTask, seed: int, model: str | None = None) -> dict[str, Any]:
    """Test accuracy of a method, and what it has trained."""
    from autotransfer.task import Context, Task
    from autotransfer.tuning import TunedPredictor

    classes = tuple(str(k) for k in range(task.n_classes))
    predictor = method.fit(Task(task.train, classes), _opened(model), Context(seed))
    accuracy = float(np.mean(predictor.predict(task.test.without_labels()).argmax(axis=1) == task.test.labels))
    if not isinstance(predictor, TunedPredictor):
        return {"accuracy": accuracy}
    size = {"trained": predictor.trained_parameters, "kept_bytes": predictor.trained_bytes}
    return {"accuracy": accuracy, **size, "share": predictor.trained_parameters / predictor.learned().parameters}


def frozen(task: ImageTask, seed: int, model: str | None = None) -> dict[str, Any]:
    """Test accuracy of a linear probe."""
    source = _opened(model)
    if source.encoder is None:
        raise LookupError(f"{source.name} has no encoder")
    encoder = source.encoder.fit(task.train)
    accuracy, _ = zoo.probe(encoder.transform(task.train), encoder.transform(task.test), task, seed)
    return {"accuracy": accuracy}


def _opened(model: str | None) -> Source:
    from autotransfer.pretrained.zoo_source import open_zoo_source

    source = open_zoo_source(model or MODEL)
    if source is None:
        raise LookupError(f"{model or MODEL} is not there")
    return source


def mean(rows: Sequence[Mapping[str, Any]], method: str, task: str | None = None, key: str = "accuracy") -> float:
    """Over seeds, and over tasks where none is named; only tasks that have rows of the method."""
    found = [row[key] for row in rows if row["method"] == method and task in (None, row["task"])]
    return float(statistics.mean(found)) if found else float("nan")


def bars(rows: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """Gains of the zoo over training from scratch, and small against full fine-tuning."""
    tasks = [task for task in GAINS if any(row["task"] == task for row in rows)]
    gains = {task: 100 * (mean(rows, WHOLE, task) - mean(rows, SCRATCH, task)) for task in tasks}
    found = [at_least(f"{task}: zoo over from-scratch (points)", gains[task], GAINS[task]) for task in tasks]
    return found + small_bars(rows, LITTLE)


def small_bars(rows: Sequence[Mapping[str, Any]], names: Sequence[str], on: str = "") -> list[Bar]:
    """Each of these methods against full fine-tuning, over the tasks that have rows of both: accuracy and size. Heads
    are counted on both sides.

    :param on: added to a bar's name.
    """
    found = []
    for name in names:
        shared = [row for row in rows if row["task"] in {r["task"] for r in rows if r["method"] == name}]
        if not shared:
            continue
        gap = 100 * (mean(shared, name) - mean(shared, WHOLE))
        share = mean(shared, name, key="trained") / mean(shared, WHOLE, key="trained")
        found.append(at_least(f"{name} minus full fine-tuning{on} (points)", gap, -1.5))
        found.append(at_most(f"{name}: trained parameters over full fine-tuning's{on}", share, 0.05))
    return found
