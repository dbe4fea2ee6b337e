"""Two image problems with a teacher each: what distillation is measured on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, final

import numpy as np
from autotransfer_distillation.lesson import Lesson, teach
from autotransfer_distillation.pupil import look

from autotransfer.data import Array, Dataset, Modality
from autotransfer.nets import ConvSpec, Cosine, ImageForm, NetworkSpec, Plan
from autotransfer.nets.rows import DeepRows, gather
from autotransfer.problem import ReadOptions
from autotransfer.task import Context, Task
from benchmarks.tasks.digits import mnist

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Network

MODEL = "zoo:photo-resnet"
_SHIFT = 3


@final
@dataclass(frozen=True, eq=False)
class Lecture:
    """A task whose teacher has spoken.

    :param accuracy: the teacher's on ``test``. :param parameters: the teacher's.
    """

    task: Task
    test: Dataset
    rows: DeepRows
    lesson: Lesson
    accuracy: float
    parameters: int


def mnist_lecture(data: Path, seed: int) -> Lecture:
    """MNIST with 50 labels a class, 4,000 rows without and 4,000 test rows. The teacher is a convolutional network of
    the student's kind, ten times as wide and more, trained on the same labels with images moved by up to 3 pixels."""
    from autotransfer.nets.seeding import reproducible

    digits = mnist(data)
    task, test = _dealt("mnist", np.asarray(digits.inputs), digits.y, (50, 4000, 4000), seed)
    with reproducible(seed, "cpu"):
        rows = gather(task, None, "cpu")
        network = NetworkSpec(ConvSpec(1, rows.form.size, (32, 64), 128), 10).build()  # type: ignore[union-attr]
        _train_moved(network, rows, seed)
    form = rows.form
    X = form.rows(test)
    import torch

    with torch.no_grad():
        said = [look(network, part) for part in torch.split(rows.T, 512)]
        found = torch.cat([network(part).scores for part in torch.split(torch.from_numpy(X), 512)]).argmax(dim=1)
    maps = torch.cat([sight.maps for sight in said if sight.maps is not None])
    lesson = Lesson(torch.cat([s.scores for s in said]), torch.cat([s.z for s in said]), maps)
    parameters = sum(p.numel() for p in network.parameters())
    return Lecture(task, test, rows, lesson, float(np.mean(found.numpy() == test.y)), parameters)


def cifar_lecture(data: Path, seed: int) -> Lecture:
    """CIFAR-10 with 50 labels a class, 3,000 rows without and 2,000 test rows. The teacher is the shipped network,
    fine-tuned on the labels."""
    from autotransfer.nets.seeding import reproducible
    from autotransfer.pretrained.zoo_source import open_zoo_source

    task, test = _dealt("cifar10", *_cifar10(data), (50, 3000, 2000), seed)
    source = open_zoo_source(MODEL)
    with reproducible(seed, "cpu"):
        beside = replace(task, unlabeled=_joined(task.unlabeled, test))
        lesson = teach(beside, source, Context(seed=seed), 15, maps=True)
        rows = gather(task, None, "cpu", 32)
    n = len(rows.T)
    accuracy = float(np.mean(lesson.scores[n:].argmax(dim=1).numpy() == test.y))
    maps = None if lesson.maps is None else lesson.maps[:n]
    parameters = sum(p.numel() for p in source.encoder.build().parameters())  # type: ignore[union-attr]
    return Lecture(task, test, rows, Lesson(lesson.scores[:n], lesson.z[:n], maps), accuracy, parameters)


def _cifar10(data: Path) -> tuple[Array, Array]:
    """All 12,000 images, uint8 (n, 32, 32, 3), and their classes."""
    from autotransfer.encoders.images import read_pixels
    from autotransfer.readers import read

    images, labels = [], []
    for part in ("train", "test"):
        raw = read(f"{data}/cifar10_jpg/cifar10_jpg.zip/{part}", ReadOptions())
        if raw is None or raw.labels is None:
            raise LookupError(f"{data}/cifar10_jpg: no labelled images there")
        images.append(read_pixels(Dataset(part, Modality.IMAGE, np.asarray(raw.inputs)), 32, 3))
        labels.append(raw.labels)
    return np.concatenate(images), np.unique(np.concatenate(labels).astype(str), return_inverse=True)[1]


def _joined(unlabeled: Dataset | None, test: Dataset) -> Dataset:
    """Test rows are shown to the teacher behind the others, without labels; it does not learn from them."""
    if unlabeled is None:
        return test.without_labels()
    inputs = np.concatenate([np.asarray(unlabeled.inputs), np.asarray(test.inputs)])
    return Dataset("unlabeled and test", Modality.IMAGE, inputs)


def _dealt(name: str, X: Array, y: Array, counts: tuple[int, int, int], seed: int) -> tuple[Task, Dataset]:
    """So many labelled rows a class, so many without labels, so many to test."""
    per_class, unlabeled, tested = counts
    order = np.random.default_rng(seed).permutation(len(X))
    labeled = np.concatenate([order[y[order] == k][:per_class] for k in np.unique(y)])
    rest = np.setdiff1d(order, labeled, assume_unique=True)
    rest = order[np.isin(order, rest)]
    parts = [labeled, rest[:unlabeled], rest[unlabeled : unlabeled + tested]]
    train, more, test = (Dataset(name, Modality.IMAGE, X[part], y[part]) for part in parts)
    classes = tuple(str(k) for k in np.unique(y))
    return Task(train, classes, None, more.without_labels()), test


def _train_moved(network: Network, rows: DeepRows, seed: int) -> None:
    import torch

    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Turn, train

    edge = rows.form.size if isinstance(rows.form, ImageForm) else 0

    def loss(batch: Batch) -> Tensor:
        X, y = batch.parts[0]
        across, down = torch.randint(-_SHIFT, _SHIFT + 1, (2,)).tolist()
        moved = X.view(len(X), edge, edge).roll((down, across), (1, 2)).flatten(1)
        return rows.loss(network(moved).scores, y)

    plan = Plan(60, rate=2e-3, schedule=Cosine(), decay=1e-3)
    train(network, [Turn(loss, [Group(list(network.parameters()))])], rows.labeled(), plan, Context(seed=seed))
