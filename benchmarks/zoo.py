"""What the shipped zoo is worth: a linear probe on its frozen features against HOG, pixels and the same network trained
from scratch on the target alone; and whether rows are encoded once."""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.encoder import Encoder
from benchmarks.harness import Arguments, Result, at_least, at_most
from benchmarks.image_tasks import TASKS, ImageTask

SEEDS = 3
PENALTIES = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
FOLDS = 5
SCRATCH_STEPS = 300
MODEL = "zoo:photo-resnet"


def run(args: Arguments) -> Result:
    """Three bars. ``--quick``: one seed. Test images are looked at for the table alone."""
    seeds = range(args.seeds or (1 if args.quick else SEEDS))
    tasks = [(name, seed, task(args.data, seed)) for name, task in TASKS.items() for seed in seeds]
    rows = [row for name, seed, task in tasks for row in compared(name, task, seed)]
    first, second = encoding_seconds(tasks[0][2])
    for name, seconds in (("first fit", first), ("second fit", second)):
        rows.append({"task": tasks[0][0], "features": f"{MODEL}, encoding in the {name}", "cpu_seconds": seconds})
    bars = [
        at_least("CIFAR-10, 20 a class: zoo over from-scratch (points)", gain(rows, "cifar10_20"), 10),
        at_least("hymenoptera: zoo over from-scratch (points)", gain(rows, "hymenoptera"), 5),
        at_most("encoding, second fit over first", second / first, 0.05),
    ]
    return Result("zoo", bars, rows)


def gain(rows: list[dict[str, Any]], task: str) -> float:
    """Points of the zoo's mean accuracy over that of the network trained from scratch."""

    def mean(features: str) -> float:
        return float(
            statistics.mean(row["accuracy"] for row in rows if (row["task"], row["features"]) == (task, features))
        )

    return 100 * (mean(MODEL) - mean("from scratch"))


def compared(name: str, task: ImageTask, seed: int) -> Iterator[dict[str, Any]]:
    """A row for each way to see the images."""
    from autotransfer.encoders.hog import HogEncoder
    from autotransfer.encoders.pixels_rgb import PixelsRgbEncoder
    from autotransfer.pretrained.zoo_source import open_zoo_source

    source = open_zoo_source(MODEL)
    encoders: dict[str, Encoder | None] = {
        MODEL: source.encoder if source is not None else None,
        "hog": HogEncoder(),
        "pixels_rgb": PixelsRgbEncoder(),
    }
    about = {"task": name, "seed": seed, "train": len(task.train), "test": len(task.test)}
    for features, encoder in encoders.items():
        if encoder is None:
            continue
        started = time.process_time()
        fitted = encoder.fit(task.train)
        accuracy, penalty = probe(fitted.transform(task.train), fitted.transform(task.test), task, seed)
        seconds = time.process_time() - started
        yield {**about, "features": features, "accuracy": accuracy, "l2": penalty, "cpu_seconds": seconds}
    started = time.process_time()
    accuracy = from_scratch(task, seed)
    yield {**about, "features": "from scratch", "accuracy": accuracy, "cpu_seconds": time.process_time() - started}


def probe(X: Array, Z: Array, task: ImageTask, seed: int) -> tuple[float, float]:
    """Test accuracy of the linear head whose penalty is best by cross-validation on the training rows, and it."""
    from autotransfer.learners import Linear

    y = task.train.labels
    folds = np.random.default_rng(seed).permutation(len(y)) % FOLDS
    scale = X.std() + 1e-6

    def accuracy(penalty: float, train: Array, rows: Array, labels: Array) -> float:
        centre = X[train].mean(axis=0)
        head = Linear(penalty).fit((X[train] - centre) / scale, y[train], n_classes=task.n_classes, seed=seed)
        return float(np.mean(head.predict_features((rows - centre) / scale).argmax(axis=1) == labels))

    def validated(penalty: float) -> float:
        parts = [(folds != k, folds == k) for k in range(FOLDS)]
        return statistics.mean(accuracy(penalty, train, X[test], y[test]) for train, test in parts)

    best = max(PENALTIES, key=validated)
    return accuracy(best, np.ones(len(y), bool), Z, task.test.labels), best


def from_scratch(task: ImageTask, seed: int) -> float:
    """Test accuracy of the zoo's network, trained by the zoo's recipe on the target's rows alone."""
    import torch

    from autotransfer.nets.seeding import reproducible
    from autotransfer.nets.training import Turn, train
    from autotransfer.pretraining.job import groups, network_of
    from autotransfer.pretraining.supervised import Supervised
    from autotransfer.task import Context

    recipe = Supervised()
    spec = recipe.spec(task.train, None, None)
    plan = replace(recipe.plan, batch=64, epochs=10**6, most_steps=SCRATCH_STEPS)
    rows = torch.from_numpy(spec.rows(task.train)), torch.from_numpy(task.train.labels)
    with reproducible(seed, "cpu"):
        objective = recipe.objective(spec.build(), spec, task.n_classes)
        turn = Turn(lambda batch: objective(*batch.parts[0], batch.progress), groups(objective))
        train(objective, [turn], [rows], plan, Context(seed))
    network = network_of(objective, spec)
    weight, bias = network.head() or (np.empty(0), np.empty(0))
    scores = network.features(task.test) @ weight.T + bias
    return float(np.mean(scores.argmax(axis=1) == task.test.labels))


def encoding_seconds(task: ImageTask) -> tuple[float, float]:
    """Processor time that two fits on the same rows spend on the zoo's features; the cache is empty at first.

    A fifth of the rows are the runs' own test rows.
    """
    from autotransfer.job import fit
    from autotransfer.settings import Settings

    spent = []
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, AUTOTRANSFER_CACHE=f"{folder}/cache"):
        for name in ("first", "second"):
            settings = Settings(
                methods=("linear_probe",), test_size=0.2, trials=6, workers=0, seed=0, out=Path(folder, name)
            )
            with watched() as seconds:
                fit(task.raw, [MODEL], settings=settings)
            spent.append(sum(seconds))
    return spent[0], spent[1]


@contextmanager
def watched() -> Iterator[list[float]]:
    """Inside, processor seconds are noted of every request for the zoo's features, to the cache or past it."""
    from autotransfer.features import FeatureCache
    from autotransfer.pretrained.zoo_encoder import FittedZoo

    seconds: list[float] = []
    open_requests: list[int] = []
    encode, transform = FeatureCache.encode, FittedZoo.transform

    def noted(work: Callable[[], Array]) -> Array:
        gc.disable()  # a collection of all that the engine has left behind is not encoding
        started = time.process_time()
        open_requests.append(1)
        try:
            return work()
        finally:
            open_requests.pop()
            gc.enable()
            if not open_requests:  # what the cache asks for is part of its own request
                seconds.append(time.process_time() - started)

    def timed_encode(cache: FeatureCache, encoder: Encoder, fit_on: Dataset, rows: Dataset) -> Array:
        wanted = partial(encode, cache, encoder, fit_on, rows)
        return noted(wanted) if encoder.name == "zoo" else wanted()

    def timed_transform(fitted: FittedZoo, rows: Dataset) -> Array:
        return noted(partial(transform, fitted, rows))

    with patch.object(FeatureCache, "encode", timed_encode), patch.object(FittedZoo, "transform", timed_transform):
        yield seconds
