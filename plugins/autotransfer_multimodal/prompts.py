"""Classes as texts: prompts, and the mean of what a text encoder makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Task

PROMPTS = ("ensemble", "name")
"""``ensemble``: all of :data:`TEMPLATES`. ``name``: the name alone."""
TEMPLATES = (
    "a photo of a {}.",
    "a picture of a {}.",
    "an image of the {}.",
    "a photo of one {}.",
    "a photo of the small {}.",
    "a photo of the large {}.",
    "there is a {} in the picture.",
    "a {}.",
)
"""Neutral ones in the manner of those that Radford et al. publish for ImageNet; chosen before any figure was seen."""


def spoken(name: str) -> str:
    """A class name as one says it: ``guinea_pig`` is "guinea pig"."""
    return " ".join(re.split(r"[\s_]+", name.strip().lower()))


def prompts(name: str, words: str, kind: str) -> tuple[str, ...]:
    """Texts for a class.

    :param words: what is said of it beside its name, or "". :param kind: one of :data:`PROMPTS`.
    """
    said = f"{spoken(name)}, {words.strip()}" if words.strip() else spoken(name)
    return (said,) if kind == "name" else tuple(template.format(said) for template in TEMPLATES)


def ensemble(embed: Callable[[Sequence[str]], Array], texts: Sequence[Sequence[str]]) -> Array:
    """Prompt ensembling of Radford et al., section 3.1.4: of each class the mean of its prompts' embeddings, each of
    length 1, brought to length 1 again. Shape (n_classes, d).

    :param embed: texts -> (n, d), rows of length 1.
    """
    found = embed([text for of_class in texts for text in of_class])
    ends = np.cumsum([len(of_class) for of_class in texts])[:-1]
    means = np.stack([part.mean(axis=0) for part in np.split(found, ends)])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.where(lengths > 0, lengths, 1.0))


def class_embeddings(embed: Callable[[Sequence[str]], Array], task: Task, kind: str) -> Array:
    """Of the task's classes, (n_classes, d)."""
    names = task.classes or ()
    words = task.class_words or ("",) * len(names)
    return ensemble(embed, [prompts(name, said, kind) for name, said in zip(names, words, strict=True)])
