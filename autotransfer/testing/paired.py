"""The toy problem whose source is pairs of rows and sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Modality
from autotransfer.task import Source, Task
from autotransfer.testing.draw import Draw
from autotransfer.testing.networks import NETWORKS
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only

_CLASSES = ("blue", "green", "red")
_SENTENCES = ("a photo of a {}", "a small {}", "a picture of one {} in the middle", "there is a {}")


def paired(modality: Modality, rows: int = 24) -> ToyProblem:
    """Three classes, six labelled rows of each; the source has sentences that name them, and no label. Of images it
    brings a network, too."""
    draw = Draw(15, modality)
    data = draw.blobs("source", rows)
    source = Source("pairs", Asset.SOURCE_INPUTS | Asset.PAIRS, replace(data, y=None, captions=_said(data.labels)))
    if modality in NETWORKS:
        encoder = NETWORKS[modality]
        source = replace(source, offers=source.offers | Asset.PRETRAINED | Asset.TRAINABLE, encoder=encoder)
    task = Task(draw.blobs("train", 18), _CLASSES)
    return ToyProblem("paired", task, source, draw.blobs("test", 201), floor=0.55, only_for=Asset.PAIRS)


def paired_without_labels(modality: Modality) -> ToyProblem:
    """The same; no row of the target has a label, its classes have names alone."""
    problem = paired(modality)
    none = problem.task.train.take(np.arange(0))
    none = replace(none, inputs=read_only(np.asarray(none.inputs)), y=read_only(none.labels))
    task = replace(problem.task, train=none, unlabeled=problem.task.train.without_labels())
    return replace(problem, name="paired_without_labels", task=task)


def _said(y: Array) -> Array:
    texts = [_SENTENCES[row % len(_SENTENCES)].format(_CLASSES[label]) for row, label in enumerate(y)]
    return read_only(np.array(texts, dtype=object))
