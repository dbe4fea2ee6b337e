"""Prompts, and the closed form of their ensemble."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from autotransfer_multimodal.prompts import PROMPTS, TEMPLATES, class_embeddings, ensemble, prompts, spoken

from autotransfer.data import Dataset, Modality
from autotransfer.task import Task


def embed(texts: Sequence[str]) -> np.ndarray:
    """Any rows of length 1, different for different texts."""
    rows = np.array([np.random.default_rng(list(text.encode())).normal(size=5) for text in texts])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_ensemble_is_the_mean_brought_to_length_one() -> None:
    """w = m / ‖m‖ with m = (1/T) Σₜ e(promptₜ), class by class, also with different numbers of prompts."""
    texts = [("a", "b", "c"), ("d",), ("e", "f")]
    found = ensemble(embed, texts)
    for row, of_class in zip(found, texts, strict=True):
        mean = sum(embed([text])[0] for text in of_class) / len(of_class)
        np.testing.assert_allclose(row, mean / np.sqrt(mean @ mean), rtol=1e-12)
    np.testing.assert_allclose(found[1], embed(["d"])[0])


def test_opposite_prompts_give_no_direction() -> None:
    """A mean of zeros stays: nothing is divided by nothing."""
    found = ensemble(lambda texts: np.array([[1.0, 0.0], [-1.0, 0.0]]), [("one", "other")])
    assert found.tolist() == [[0.0, 0.0]]


def test_names_are_spoken_and_words_are_added() -> None:
    assert spoken(" Guinea_pig ") == "guinea pig"
    assert prompts("Guinea_pig", "", "name") == ("guinea pig",)
    assert prompts("fox", "a red animal", "name") == ("fox, a red animal",)
    assert prompts("fox", "", "ensemble") == tuple(template.format("fox") for template in TEMPLATES)


@pytest.mark.parametrize("kind", PROMPTS)
@pytest.mark.parametrize("words", [None, ("", "with wings")])
def test_every_class_has_its_row(kind: str, words: tuple[str, ...] | None) -> None:
    nothing = Dataset("t", Modality.FEATURES, np.zeros((0, 2)), np.zeros(0, np.int64))
    task = Task(nothing, ("cat", "bird"), class_words=words)
    found = class_embeddings(embed, task, kind)
    said = ("", "") if words is None else words
    expected = [
        ensemble(embed, [prompts(name, more, kind)])[0] for name, more in zip(("cat", "bird"), said, strict=True)
    ]
    np.testing.assert_allclose(found, expected)
