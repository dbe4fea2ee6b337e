"""Toy problems in two languages: the source's words are other words than the target's, a few names aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only

_NAMES = 6
"""Of the concepts, which both languages call the same."""
_KINDS, _EACH = 3, 12
_LENGTH = 9
_OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.OTHER_LANGUAGE
_CLASSES = ("blue", "green", "red")


def other_language(rows: int = 60) -> ToyProblem:
    """Three topics, each with words of its own; the labels are the topics."""
    rng = np.random.default_rng(21)
    source = _dataset("source", rng, 2 * rows, "source")
    unlabeled = _dataset("unlabeled", rng, 2 * rows, "target").without_labels()
    task = Task(_dataset("train", rng, rows, "target"), _CLASSES, None, unlabeled, bridge=_bridge(rng, source))
    test = _dataset("test", rng, 150, "target")
    return _problem("other_language", task, source, test, floor=0.55)


def other_language_noise() -> ToyProblem:
    """The same target; the source's texts are in a third language that nothing translates, with labels by lot."""
    problem, rng = other_language(), np.random.default_rng(22)
    words = [[f"ყ{number}" for number in rng.integers(0, 40, _LENGTH)] for _ in range(len(problem.source.rows))]
    texts = read_only(np.array([" ".join(text) for text in words], dtype=object))
    data = replace(problem.source.rows, inputs=texts, y=read_only(rng.integers(0, _KINDS, len(texts))))
    return replace(problem, name="other_language_noise", source=replace(problem.source, data=data), floor=None)


def other_language_without_labels() -> ToyProblem:
    """No target row has a label."""
    problem = other_language()
    none = problem.task.train.take(np.arange(0))
    train = replace(none, inputs=read_only(np.asarray(none.inputs)), y=read_only(none.labels))
    return replace(problem, name="other_language_without_labels", task=replace(problem.task, train=train))


def other_language_values() -> ToyProblem:
    """The value of a text is how many of its words are of the first topic, less those of the last."""
    rng = np.random.default_rng(23)
    source = _dataset("source", rng, 150, "source", values=True)
    unlabeled = _dataset("unlabeled", rng, 120, "target").without_labels()
    task = Task(_dataset("train", rng, 60, "target", values=True), None, None, unlabeled, bridge=_bridge(rng, source))
    test = _dataset("test", rng, 150, "target", values=True)
    return _problem("other_language_values", task, source, test, floor=0.2)


def _problem(name: str, task: Task, source: Dataset, test: Dataset, floor: float) -> ToyProblem:
    classes = task.classes
    return ToyProblem(
        name, task, Source("elsewhere", _OFFERS, source, classes), test, floor, only_for=Asset.OTHER_LANGUAGE
    )


def _bridge(rng: np.random.Generator, source: Dataset) -> Bridge:
    """Half of the words in a dictionary, sentences, and what a translator makes of every row of the source."""
    concepts, _ = _concepts(rng, 80)
    sentences = np.array([[_text(row, side) for side in ("source", "target")] for row in concepts], dtype=object)
    every = range(0, _KINDS * _EACH, 2)
    words = np.array([[_word(concept, side) for side in ("source", "target")] for concept in every], dtype=object)
    known = {_word(concept, "source"): _word(concept, "target") for concept in range(_KINDS * _EACH)}
    translated = {text: " ".join(known[word] for word in text.split()) for text in np.asarray(source.inputs)}
    return Bridge(read_only(sentences), read_only(words), translated)


def _dataset(name: str, rng: np.random.Generator, n: int, side: str, *, values: bool = False) -> Dataset:
    concepts, topics = _concepts(rng, n)
    texts = read_only(np.array([_text(row, side) for row in concepts], dtype=object))
    y = topics
    if values:
        kinds = concepts // _EACH
        y = (kinds == 0).sum(axis=1) - (kinds == _KINDS - 1).sum(axis=1) + rng.normal(0, 0.3, n)
    return Dataset(name, Modality.TEXT, texts, read_only(y))


def _concepts(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """(n, words) of which two thirds are of the topic (n,)."""
    topics = rng.permutation(np.arange(n) % _KINDS)
    other = rng.random((n, _LENGTH)) < 1 / 3
    kinds = np.where(other, rng.integers(0, _KINDS, (n, _LENGTH)), topics[:, None])
    return kinds * _EACH + rng.integers(0, _EACH, (n, _LENGTH)), topics


def _text(concepts: Array, side: str) -> str:
    return " ".join(_word(int(concept), side) for concept in concepts)


def _word(concept: int, side: str) -> str:
    if concept % (_KINDS * _EACH // _NAMES) == 1:
        return f"name{concept}"
    return f"word{concept}" if side == "target" else f"слово{concept}"
