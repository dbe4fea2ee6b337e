"""Word vectors from texts."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.embedding import Ppmi, normalised, unit, word_vectors


def test_words_of_equal_use_are_near() -> None:
    """x and y stand in the same places, u and v in others."""
    texts = ("x p q", "y p q", "u s t", "v s t") * 3
    found = word_vectors(texts, Ppmi(width=3))
    x, y, u, v = (found.vectors[found.vocabulary.place(word)] for word in "xyuv")
    assert min(x @ y, u @ v) > 0.99
    assert max(x @ u, y @ v) < 0.5


def test_vectors_have_length_one_and_are_remembered() -> None:
    texts = ("a b c d", "b c d e", "e f a b", "c f")
    found = word_vectors(texts, Ppmi(width=3, least=1))
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1)
    assert word_vectors(texts, Ppmi(width=3, least=1)) is found


def test_texts_without_company_give_zeros() -> None:
    assert not word_vectors(("a", "b", "a", "b"), Ppmi()).vectors.any()
    assert len(word_vectors((), Ppmi()).vocabulary) == 0


def test_normalised_rows_are_centred_in_between(rng) -> None:
    X = rng.normal(2.0, 1.0, (20, 4))
    X[3] = 0
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    lengths[3] = 1
    expected = X / lengths
    kept = np.arange(20) != 3
    expected[kept] -= expected[kept].mean(axis=0)
    expected[kept] /= np.linalg.norm(expected[kept], axis=1, keepdims=True)
    np.testing.assert_allclose(normalised(X), expected, atol=1e-12)
    assert not unit(np.zeros((2, 3))).any()
