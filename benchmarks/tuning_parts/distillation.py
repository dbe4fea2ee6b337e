"""What students learn from teachers: plain training, each method, and students made smaller still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import numpy as np
from autotransfer_distillation.attention_transfer import AttentionTransfer
from autotransfer_distillation.compressed import CompressedPredictor
from autotransfer_distillation.compression import Compression
from autotransfer_distillation.contrastive_distillation import ContrastiveDistillation
from autotransfer_distillation.deep_compression import DeepCompression
from autotransfer_distillation.filter_pruning import FilterPruning
from autotransfer_distillation.hint_training import HintTraining
from autotransfer_distillation.int8_quantization import Int8Quantization
from autotransfer_distillation.knowledge_distillation import KnowledgeDistillation
from autotransfer_distillation.magnitude_pruning import MagnitudePruning
from autotransfer_distillation.method import Distillation, student_plan
from autotransfer_distillation.pupil import backbone_of, enlist
from autotransfer_distillation.relational_distillation import RelationalDistillation
from autotransfer_distillation.similarity_preserving import SimilarityPreserving

from autotransfer.nets.trainee import Trainee
from autotransfer.predictor import Predictor
from autotransfer.task import Context
from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.tuning_parts.teachers import Lecture, cifar_lecture, mnist_lecture

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch

SEEDS = 3
TASKS: dict[str, tuple[Callable[[Path, int], Lecture], int, int]] = {
    "mnist": (mnist_lecture, 16, 10),
    "cifar10": (cifar_lecture, 48, 12),
}
"""Name -> teacher, width of the student, epochs over all rows."""
COMPRESSED = "mnist"
"""Where students are made smaller still."""
LOSSES: tuple[type[Distillation], ...] = (
    KnowledgeDistillation,
    HintTraining,
    AttentionTransfer,
    SimilarityPreserving,
    RelationalDistillation,
    ContrastiveDistillation,
)
SMALLER: tuple[type[Compression], ...] = (MagnitudePruning, FilterPruning, Int8Quantization, DeepCompression)
PLAIN, TEACHER = "student, labels alone", "teacher"


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """Rows: accuracy of each on test rows, mean and spread over the seeds, and the share of the gap between plain
    training and the teacher that is recovered. All methods at their papers' settings: none was tuned here. Bars: those
    of plain distillation. ``--quick``: one seed, MNIST alone."""
    seeds = range(args.seeds or (1 if args.quick else SEEDS))
    names = list(TASKS)[:1] if args.quick else list(TASKS)
    rows: list[dict[str, Any]] = []
    for name in names:
        lecture, width, epochs = TASKS[name]
        smaller = SMALLER if name == COMPRESSED else ()
        found = [list(_students(lecture(args.data, seed), seed, (width, epochs), smaller)) for seed in seeds]
        rows += [{"task": name, **row} for row in _summary(found)]
    bars = [bar for name in names for bar in _bars(name, [row for row in rows if row["task"] == name])]
    return rows, bars


def _students(
    lecture: Lecture, seed: int, form: tuple[int, int], smaller: Sequence[type[Compression]]
) -> Iterator[dict[str, Any]]:
    """The teacher, and each student of one seed. ``form``: width and epochs."""
    width, epochs = form
    yield {"method": TEACHER, "accuracy": lecture.accuracy, "parameters": lecture.parameters}
    yield _timed(PLAIN, lecture, lambda: _plain(lecture, seed, width, epochs))
    for kind in LOSSES:
        method = kind(width, epochs)
        yield _timed(kind.name, lecture, partial(_distilled, method, lecture, seed))
    for cut in smaller:
        yield _timed(cut.name, lecture, partial(_compressed, cut(width, epochs), lecture, seed))


def _timed(name: str, lecture: Lecture, make: Callable[[], Predictor]) -> dict[str, Any]:
    started = time.process_time()
    student = make()
    seconds = time.process_time() - started
    right = student.predict(lecture.test.without_labels()).argmax(axis=1) == lecture.test.y
    size = student.learned()
    about = {"parameters": size.parameters, "bytes": size.bytes, "cpu_seconds": seconds}
    return {"method": name, "accuracy": float(np.mean(right)), **about}


def _new(lecture: Lecture, seed: int, width: int) -> Trainee:
    return enlist(lecture.rows, backbone_of(lecture.rows, width), Context(seed=seed))


def _plain(lecture: Lecture, seed: int, width: int, epochs: int) -> Predictor:
    """The student trained on labels, in as many steps as the others have."""
    from autotransfer.nets.plan import Group
    from autotransfer.nets.seeding import reproducible
    from autotransfer.nets.training import Turn, train

    with reproducible(seed, "cpu"):
        pupil = _new(lecture, seed, width)

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            return pupil.rows.loss(pupil.network(X).scores, y)

        plan = student_plan(epochs, KnowledgeDistillation().rate)
        steps = plan.steps(len(lecture.rows.T))
        turn = Turn(loss, [Group(list(pupil.network.parameters()))])
        train(pupil.network, [turn], lecture.rows.labeled(), replace(plan, epochs=steps, most_steps=steps), pupil.ctx)
        return pupil.predictor()


def _taught(method: Distillation, lecture: Lecture, seed: int) -> Trainee:
    from autotransfer.nets.seeding import reproducible

    with reproducible(seed, "cpu"):
        pupil = _new(lecture, seed, method.width)
        method.school(pupil, lecture.lesson)
        return pupil


def _distilled(method: Distillation, lecture: Lecture, seed: int) -> Predictor:
    return _taught(method, lecture, seed).predictor()


def _compressed(method: Compression, lecture: Lecture, seed: int) -> Predictor:
    from autotransfer.nets.seeding import reproducible

    pupil = _taught(method, lecture, seed)
    with reproducible(seed, "cpu"):
        smaller = method.compress(pupil, lecture.lesson)
    return CompressedPredictor.of(smaller.predictor(), int8=method.int8)


def _summary(found: list[list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """A row a method: means over the seeds; the share of the gap is that of the means."""
    by_method = list(zip(*found, strict=True))
    accuracy = {rows[0]["method"]: mean(row["accuracy"] for row in rows) for rows in by_method}
    gap = accuracy[TEACHER] - accuracy[PLAIN]
    for rows in by_method:
        name = rows[0]["method"]
        scores = [row["accuracy"] for row in rows]
        yield {
            "method": name,
            "seeds": len(rows),
            "accuracy": accuracy[name],
            "spread": stdev(scores) if len(scores) > 1 else 0.0,
            "gap_recovered": (accuracy[name] - accuracy[PLAIN]) / gap if gap else 0.0,
            "parameters": rows[0]["parameters"],
            "of_teacher": rows[0]["parameters"] / found[0][0]["parameters"],
            "bytes": rows[0].get("bytes"),
            "cpu_seconds": mean(row.get("cpu_seconds", 0.0) for row in rows),
        }


def _bars(task: str, rows: list[dict[str, Any]]) -> list[Bar]:
    row = next(row for row in rows if row["method"] == KnowledgeDistillation.name)
    return [
        at_least(f"{task}: share of the gap that a distilled student recovers", row["gap_recovered"], 0.5),
        at_most(f"{task}: its parameters over the teacher's", row["of_teacher"], 0.1),
    ]
