"""Toy problems with assets taken away or changed: what a method declares is what it gets and what it must use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from autotransfer.assets import SOURCE_ASSETS, Asset
from autotransfer.bridge import Bridge, no_pairs
from autotransfer.data import Array, Dataset, Modality
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Source, Task
from autotransfer.testing.render import read_only

if TYPE_CHECKING:
    from autotransfer.testing.problems import ToyProblem

Fingerprint: TypeAlias = tuple[str, ...] | None
"""Of a data set: what it holds."""


def only(needs: Asset, problem: ToyProblem) -> tuple[Task, Source | None]:
    """The task and source with nothing but the needed assets."""
    task = replace(
        problem.task,
        train=problem.task.train if Asset.TARGET_LABELS in needs else problem.task.train.take(np.arange(0)),
        validation=None,
        unlabeled=problem.task.unlabeled if Asset.TARGET_UNLABELED in needs else None,
        class_attributes=problem.task.class_attributes if Asset.CLASS_ATTRIBUTES in needs else None,
        bridge=_only_bridge(needs, problem.task.bridge),
    )
    return task, source_for(needs, only_source(needs, problem.source))


def _only_bridge(needs: Asset, bridge: Bridge | None) -> Bridge | None:
    """What is needed of it; of a dictionary in both its forms the words."""
    if bridge is None or not needs & bridge.offers():
        return None
    sentences = bridge.sentences if Asset.PARALLEL in needs else no_pairs()
    words = bridge.words if Asset.DICTIONARY in needs else no_pairs()
    return Bridge(sentences, words, bridge.translated if Asset.TRANSLATOR in needs else {})


def source_for(needs: Asset, source: Source) -> Source | None:
    """The source as the engine passes it: None to methods that need no source asset."""
    return source if needs & SOURCE_ASSETS else None


def with_train(task: Task, train: Dataset) -> Task:
    """The task with other labelled rows and none for validation."""
    return replace(task, train=train, validation=None)


def only_source(needs: Asset, source: Source) -> Source:
    """The source with nothing but the needed assets."""
    data, classes = source.data, source.classes
    if not needs & (Asset.SOURCE_INPUTS | Asset.OTHER_COLUMNS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS):
        data = None
    if data is not None and not needs & (Asset.SOURCE_LABELS | Asset.SHARED_LABELS):
        data, classes = data.without_labels(), None
    elif Asset.SHARED_LABELS not in needs and classes is not None:
        classes = tuple(f"other {name}" for name in classes)
    return replace(
        source,
        offers=source.offers & needs,
        data=None if data is None else replace(data, domain=None, captions=_captions(needs, data)),
        classes=classes,
        encoder=source.encoder if needs & (Asset.PRETRAINED | Asset.TRAINABLE) else None,
        head=source.head if Asset.SOURCE_HEAD in needs else None,
    )


def _captions(needs: Asset, data: Dataset) -> Array | None:
    return data.captions if Asset.PAIRS in needs else None


def changes(asset: Asset, problem: ToyProblem) -> tuple[ToyProblem, ...]:
    """The problem with other content in one asset, of the same form; empty where that cannot be done."""
    task, source = problem.task, problem.source
    if asset not in problem.offers:
        return ()
    if asset is Asset.TARGET_LABELS:
        variants = (_each_relabelled(task),) if task.tasks else relabelled(task.train, task.n_classes)
        return tuple(replace(problem, task=replace(task, train=train)) for train in variants)
    if asset in Asset.SOURCE_LABELS | Asset.SHARED_LABELS and source.data is not None:
        variants = relabelled(source.data, len(source.classes or ()))
        return tuple(replace(problem, source=replace(source, data=data)) for data in variants)
    if asset is Asset.TARGET_UNLABELED and task.unlabeled is not None:
        task = replace(task, unlabeled=_moved(task.unlabeled))
    elif asset is Asset.CLASS_ATTRIBUTES and task.class_attributes is not None:
        task = replace(task, class_attributes=read_only(np.roll(task.class_attributes, 1, axis=0)))
    elif asset in Asset.PARALLEL | Asset.DICTIONARY | Asset.TRANSLATOR and task.bridge is not None:
        task = replace(task, bridge=_other_bridge(task.bridge))
    elif asset in Asset.SOURCE_INPUTS | Asset.OTHER_COLUMNS | Asset.OTHER_LANGUAGE and source.data is not None:
        source = replace(source, data=_moved(source.data))
    elif asset is Asset.PAIRS and source.data is not None and source.data.captions is not None:
        source = replace(source, data=replace(source.data, captions=read_only(source.data.captions[::-1].copy())))
    elif asset is Asset.SOURCE_HEAD and source.head is not None:
        heads = (Rolled(source.head), Merged(source.head))
        return tuple(replace(problem, source=replace(source, head=head)) for head in heads)
    else:
        return ()
    return (replace(problem, task=task, source=source),)


def _other_bridge(bridge: Bridge) -> Bridge:
    """Each translation in the place of the next."""
    pairs = [np.column_stack([part[:, 0], np.roll(part[:, 1], 1)]) for part in (bridge.sentences, bridge.words)]
    translated = dict(
        zip(bridge.translated, np.roll(np.array([*bridge.translated.values()], dtype=object), 1), strict=True)
    )
    return Bridge(read_only(pairs[0]), read_only(pairs[1]), translated)


def relabelled(data: Dataset, n_classes: int) -> tuple[Dataset, ...]:
    """Each class called by the next one's name, and all rows called by the last; values turned round and stretched."""
    if not n_classes:
        return (replace(data, y=read_only(-2.0 * data.labels)),)
    rolled, one = (data.labels + 1) % n_classes, np.full(len(data), n_classes - 1)
    return replace(data, y=read_only(rolled)), replace(data, y=read_only(one))


def _each_relabelled(task: Task) -> Dataset:
    """The rows of several tasks: each class called by the next one's name, values turned round and stretched."""
    number = task.train.task if task.train.task is not None else np.zeros(len(task.train), np.int64)
    classes = np.array([len(one.classes or ()) for one in task.tasks])[number]
    y = task.train.labels
    return replace(task.train, y=read_only(np.where(classes > 0, (y + 1) % np.maximum(classes, 1), -2.0 * y)))


def _moved(data: Dataset) -> Dataset:
    """Half of the rows in place of all; features moved and stretched unevenly, texts with a word more."""
    kept = data.take(np.arange(len(data)) < len(data) // 2)
    if kept.modality is Modality.TEXT:
        return replace(kept, inputs=read_only(np.array([f"{text} moreover" for text in kept.inputs], dtype=object)))
    if kept.modality is not Modality.FEATURES:
        return kept
    X = kept.X * np.linspace(0.5, 2.0, kept.X.shape[1]) + np.linspace(-1.0, 1.0, kept.X.shape[1])
    return kept.with_inputs(read_only(X.astype(np.float32)))


class Rolled(Predictor):
    """Another head: each class's probability under the next one's name."""

    def __init__(self, head: Predictor) -> None:
        self._head = head

    def predict(self, data: Dataset) -> Array:
        """The head's probabilities, columns rolled by one."""
        return np.roll(self._head.predict(data), 1, axis=-1)

    def state(self) -> State:
        """The head's."""
        return self._head.state()

    @classmethod
    def restore(cls, state: State) -> Rolled:
        """A toy is made anew, never restored."""
        raise NotImplementedError("toy heads are made anew")


class Merged(Predictor):
    """A head that tells one class less apart: the first has the last one's probability too."""

    def __init__(self, head: Predictor) -> None:
        self._head = head

    def predict(self, data: Dataset) -> Array:
        """The head's probabilities, the last column added to the first."""
        found = self._head.predict(data)
        return np.column_stack([found[:, 0] + found[:, -1], found[:, 1:-1], np.zeros(len(found))])

    def state(self) -> State:
        """The head's."""
        return self._head.state()

    @classmethod
    def restore(cls, state: State) -> Merged:
        """A toy is made anew, never restored."""
        raise NotImplementedError("toy heads are made anew")


def fingerprint(data: Dataset | None) -> Fingerprint:
    """What changes when a row, a label, a domain or a caption changes."""
    if data is None:
        return None
    fresh = data.take(np.arange(len(data)))  # a data set keeps its digest once it is known
    return (
        fresh.digest,
        *("" if part is None else str(part.tolist()) for part in (data.y, data.domain, data.captions)),
    )
