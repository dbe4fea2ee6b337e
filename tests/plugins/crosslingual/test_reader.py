"""Features of texts."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.reader import Reader, inverse_frequencies, weighted
from autotransfer_crosslingual.vocabulary import Vocabulary
from scipy import sparse

KNOWN, IDF = Vocabulary(("a", "b", "c")), np.array([1.0, 2.0, 0.5])
TEXTS = ("a a b", "c", "", "q")


def test_tfidf_by_hand() -> None:
    """(1 + log count) idf, length 1."""
    row = np.array([1 + np.log(2), 2.0, 0.0])
    expected = [row / np.linalg.norm(row), [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(Reader(KNOWN, IDF).features(TEXTS), expected)


def test_mean_of_vectors_by_hand() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [3.0, 4.0]])
    row = np.array([1 + np.log(2), 2.0])
    found = Reader(KNOWN, IDF, vectors=vectors).features(TEXTS)
    np.testing.assert_allclose(found, [row / np.linalg.norm(row), [0.6, 0.8], [0, 0], [0, 0]])


def test_words_that_stand_for_one_term_are_counted_together() -> None:
    """a and b stand for the second term, c for none."""
    reader = Reader(KNOWN, np.array([1.0, 1.0]), np.array([1, 1, -1]))
    np.testing.assert_array_equal(reader.terms(TEXTS).toarray(), [[0, 3], [0, 0], [0, 0], [0, 0]])
    np.testing.assert_allclose(reader.features(TEXTS)[0], [0, 1])


def test_translations_are_read_in_place_of_their_texts() -> None:
    reader = Reader(KNOWN, IDF, translated={"q": "c"})
    np.testing.assert_allclose(reader.features(("q", "c", "a")), Reader(KNOWN, IDF).features(("c", "c", "a")))


def test_weights_leave_the_counts_alone() -> None:
    counts = sparse.csr_matrix(np.array([[2.0, 0.0], [1.0, 1.0]]))
    weighted(counts, np.array([5.0, 7.0]))
    np.testing.assert_array_equal(counts.toarray(), [[2, 0], [1, 1]])
    np.testing.assert_allclose(inverse_frequencies(counts), 1 + np.log([3 / 3, 3 / 2]))


def test_comes_back_from_its_state() -> None:
    for reader in (Reader(KNOWN, IDF, vectors=np.eye(3)), Reader(KNOWN, np.ones(2), np.array([1, -1, 0]))):
        again = Reader.restore(reader.state())
        np.testing.assert_array_equal(again.features(TEXTS), reader.features(TEXTS))
