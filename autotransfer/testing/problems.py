"""Toy problems: small, named, frozen, drawn from a fixed seed. Each stands for one kind of shift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Source, Task
from autotransfer.testing.draw import WIDTH, Draw, means
from autotransfer.testing.networks import NETWORKS, NetworkHead
from autotransfer.testing.render import read_only
from autotransfer.testing.toys import NearestMeans, ToyEncoder

_LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
_SHARED = _LABELED | Asset.SHARED_LABELS
_COLORS = ("blue", "green", "red")


@dataclass(frozen=True, eq=False)
class ToyProblem:
    """A task, a source and test rows.

    :param only_for: only methods that need one of these assets are given the problem; NONE: all that can take it.
    :param floor: the score on ``test`` that anything useful reaches (accuracy; R² for values), clearly above chance;
        None where the source misleads or says nothing, and where only sound outputs are asked for.
    """

    name: str
    task: Task
    source: Source
    test: Dataset
    floor: float | None = None
    only_for: Asset = Asset.NONE

    @property
    def offers(self) -> Asset:
        """Assets on the table."""
        assets = self.source.offers
        if len(self.task.train):
            assets |= Asset.TARGET_LABELS
        if self.task.unlabeled is not None:
            assets |= Asset.TARGET_UNLABELED
        if self.task.tasks:
            assets |= Asset.MANY_TARGETS
        if self.task.class_attributes is not None:
            assets |= Asset.CLASS_ATTRIBUTES
            if 0 < len(np.unique(self.task.train.labels)) < self.task.n_classes:
                assets |= Asset.UNSEEN_CLASSES
        if self.task.bridge is not None:
            assets |= self.task.bridge.offers()
        return assets


@cache
def toy_problems(modality: Modality = Modality.FEATURES) -> tuple[ToyProblem, ...]:
    """All toy problems in a modality, about 60 target and 200 source rows each."""
    made = [
        covariate_shift(modality),
        rotation_shift(modality),
        multi_source(modality),
        disjoint_classes(modality),
        no_target_labels(modality),
        regression_shift(modality),
        poisoned(modality),
        noise(modality),
        noise_regression(modality),
        class_attributes(modality),
    ]
    if modality in NETWORKS:
        made += [trainable(modality), trainable_regression(modality)]
    if modality in (Modality.FEATURES, Modality.IMAGE):
        from autotransfer.testing.paired import paired, paired_without_labels

        made += [paired(modality), paired_without_labels(modality)]
    if modality is Modality.TEXT:
        from autotransfer.testing import tongues

        made += [tongues.other_language(), tongues.other_language_noise()]
        made += [tongues.other_language_without_labels(), tongues.other_language_values()]
    if modality is Modality.FEATURES:
        from autotransfer.testing.subtasks import many_tasks
        from autotransfer.testing.unseen import unseen_classes

        made += [pretrained(), pretrained_noise(), pretrained_regression(), pretrained_regression_noise()]
        made += [source_head(), source_head_noise(), other_columns(), unseen_classes(), many_tasks()]
    return tuple(made)


def covariate_shift(modality: Modality) -> ToyProblem:
    """Two classes, P(y | x) equal in source and target, P(x) shifted."""
    draw = Draw(1, modality)
    source = _source(draw.halves("source", 200, centre=1.0), _SHARED, ("no", "yes"))
    task = Task(draw.halves("train", 60), ("no", "yes"), draw.halves("validation", 30), draw.halves_unlabeled(100))
    return ToyProblem("covariate_shift", task, source, draw.halves("test", 200), floor=0.65)


def rotation_shift(modality: Modality) -> ToyProblem:
    """Three classes, the source's inputs turned by 25 degrees."""
    draw = Draw(2, modality)
    task = Task(draw.blobs("train", 60), _COLORS, None, draw.blobs("unlabeled", 90).without_labels())
    source = _source(draw.blobs("source", 201, degrees=25), _SHARED, _COLORS)
    return ToyProblem("rotation_shift", task, source, draw.blobs("test", 201), floor=0.55)


def multi_source(modality: Modality) -> ToyProblem:
    """Three sources pooled, each turned by another angle and marked in ``domain``."""
    draw = Draw(3, modality)
    turned = [draw.latent_blobs(69, degrees) for degrees in (-20.0, 10.0, 25.0)]
    X, y = (np.concatenate(parts) for parts in zip(*turned, strict=True))
    data = replace(draw.rows("source", X, y), domain=read_only(np.repeat(np.arange(3), 69)))
    task = Task(draw.blobs("train", 60), _COLORS, None, draw.blobs("unlabeled", 90).without_labels())
    return ToyProblem("multi_source", task, _source(data, _SHARED, _COLORS), draw.blobs("test", 201), floor=0.55)


def disjoint_classes(modality: Modality) -> ToyProblem:
    """The source tells four classes apart, none of them the target's."""
    draw = Draw(4, modality)
    source = _source(draw.blobs("source", 200, degrees=40, classes=4), _LABELED, ("bird", "cat", "dog", "fish"))
    task = Task(draw.blobs("train", 60), _COLORS, None, draw.blobs("unlabeled", 90).without_labels())
    return ToyProblem("disjoint_classes", task, source, draw.blobs("test", 201), floor=0.55)


def no_target_labels(modality: Modality) -> ToyProblem:
    """The target has no label at all; the source is turned by 20 degrees."""
    draw = Draw(5, modality)
    task = Task(draw.blobs("train", 0), _COLORS, None, draw.blobs("unlabeled", 120).without_labels())
    source = _source(draw.blobs("source", 201, degrees=20), _SHARED, _COLORS)
    return ToyProblem("no_target_labels", task, source, draw.blobs("test", 201), floor=0.55)


def regression_shift(modality: Modality) -> ToyProblem:
    """Values, linear in the inputs; the source's inputs and values are offset."""
    draw = Draw(6, modality)
    source = _source(draw.values("source", 200, offset=0.5), _SHARED, None)
    unlabeled = draw.values("unlabeled", 90).without_labels()
    task = Task(draw.values("train", 60), None, draw.values("validation", 30), unlabeled)
    return ToyProblem("regression_shift", task, source, draw.values("test", 200), floor=0.2)


def poisoned(modality: Modality) -> ToyProblem:
    """Covariate shift with every source label flipped: outputs must stay sound, nothing more is asked."""
    problem = covariate_shift(modality)
    flipped = replace(problem.source.rows, y=read_only(1 - problem.source.rows.labels))
    return replace(problem, name="poisoned", source=replace(problem.source, data=flipped), floor=None)


def noise(modality: Modality) -> ToyProblem:
    """Rotation shift with a source of wide noise and labels drawn by lot."""
    problem, draw = rotation_shift(modality), Draw(7, modality)
    data = draw.rows("source", *draw.latent_noise(200))
    return replace(problem, name="noise", source=replace(problem.source, data=data), floor=None)


def noise_regression(modality: Modality) -> ToyProblem:
    """Regression shift with a source of wide noise and values drawn by lot."""
    problem, draw = regression_shift(modality), Draw(8, modality)
    X, _ = draw.latent_noise(200)
    data = draw.rows("source", X, draw.rng.normal(0, 3, 200))
    return replace(problem, name="noise_regression", source=replace(problem.source, data=data), floor=None)


def class_attributes(modality: Modality) -> ToyProblem:
    """Rotation shift whose classes come with attributes: the place of each class mean."""
    problem = rotation_shift(modality)
    task = replace(problem.task, class_attributes=read_only(means(3)[:, :3].copy()))
    return replace(problem, name="class_attributes", task=task)


def other_columns() -> ToyProblem:
    """The source has the target's classes in nine columns of its own, mixtures of the target's six."""
    problem, offers = rotation_shift(Modality.FEATURES), _SHARED ^ Asset.SOURCE_INPUTS | Asset.OTHER_COLUMNS
    rows = problem.source.rows.with_inputs(read_only(problem.source.rows.X @ (np.eye(WIDTH, 9) + 0.5)))
    return replace(problem, name="other_columns", source=_source(rows, offers, _COLORS))


def pretrained() -> ToyProblem:
    """The source is an encoder alone; the rows are already encoded by it, as the engine does for feature methods."""
    draw = Draw(9, Modality.FEATURES)
    task = Task(draw.blobs("train", 60), _COLORS, None, draw.blobs("unlabeled", 90).without_labels())
    source = Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())
    return ToyProblem("pretrained", task, source, draw.blobs("test", 201), floor=0.55)


def pretrained_noise() -> ToyProblem:
    """An encoder whose features have nothing to do with the classes."""
    return _blind(pretrained(), "pretrained_noise")


def pretrained_regression() -> ToyProblem:
    """Values, linear in what the source's encoder makes of the rows."""
    problem = regression_shift(Modality.FEATURES)
    source = Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())
    return replace(problem, name="pretrained_regression", source=source)


def pretrained_regression_noise() -> ToyProblem:
    """An encoder whose features have nothing to do with the values."""
    return _blind(pretrained_regression(), "pretrained_regression_noise")


def _blind(problem: ToyProblem, name: str) -> ToyProblem:
    """The problem, features dealt out to its rows by lot."""
    draw = Draw(10, Modality.FEATURES)

    def shuffled(data: Dataset) -> Dataset:
        return replace(data, inputs=read_only(draw.rng.permutation(data.X)))

    task = replace(problem.task, train=shuffled(problem.task.train))
    return replace(problem, name=name, task=task, test=shuffled(problem.test), floor=None)


def trainable(modality: Modality) -> ToyProblem:
    """The source is a network that can be trained further, with a head for classes of its own; rows are raw."""
    problem = rotation_shift(modality)
    return replace(problem, name="trainable", source=_network(modality), floor=0.55)


def trainable_regression(modality: Modality) -> ToyProblem:
    """The same with values."""
    return replace(regression_shift(modality), name="trainable_regression", source=_network(modality))


def _network(modality: Modality) -> Source:
    encoder = NETWORKS[modality]
    head = NetworkHead(encoder)
    offers = Asset.PRETRAINED | Asset.TRAINABLE | Asset.SOURCE_HEAD
    return Source("network", offers, classes=("one", "two", "three"), encoder=encoder, head=head)


def source_head() -> ToyProblem:
    """The source is a model with a head for the target's classes, trained on rows that are gone."""
    problem, draw = rotation_shift(Modality.FEATURES), Draw(11, Modality.FEATURES)
    head = NearestMeans.of(draw.blobs("source", 201, degrees=20), 3)
    source = Source("model", Asset.SOURCE_HEAD | Asset.SHARED_LABELS, classes=_COLORS, head=head)
    return replace(problem, name="source_head", source=source)


def source_head_noise() -> ToyProblem:
    """The head tells its classes apart by features that say nothing about the target's."""
    problem, draw = source_head(), Draw(13, Modality.FEATURES)
    places = draw.rng.normal(0, 1, (3, WIDTH))
    places[:, :2] = 0.0
    source = replace(problem.source, head=NearestMeans(places))
    return replace(problem, name="source_head_noise", source=source, floor=None)


def large(modality: Modality, *, regression: bool) -> ToyProblem:
    """Some thousand rows, for the check that methods stop in time."""
    draw = Draw(12, modality)
    make, classes = (draw.values, None) if regression else (draw.halves, ("no", "yes"))
    task = Task(make("train", 1000), classes, make("validation", 300), make("unlabeled", 1000).without_labels())
    source = _source(make("source", 3000), _SHARED, classes)
    attributes = None if regression else read_only(np.eye(2))
    return ToyProblem("large", replace(task, class_attributes=attributes), source, make("test", 300))


def large_model(*, regression: bool, head: bool) -> ToyProblem:
    """Some thousand target rows, and a source that is an encoder, or a model with a head, alone."""
    problem = large(Modality.FEATURES, regression=regression)
    if head:
        known = NearestMeans.of(problem.source.rows, 2)
        source = Source("model", Asset.SOURCE_HEAD | Asset.SHARED_LABELS, classes=problem.task.classes, head=known)
    else:
        source = Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())
    return replace(problem, name="large_model", source=source)


def _source(data: Dataset, offers: Asset, classes: tuple[str, ...] | None) -> Source:
    return Source("elsewhere", offers, data, classes)
