"""Counting words."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.vocabulary import Vocabulary, texts_of

from autotransfer.data import Dataset, Modality

TEXTS = ("b a a", "c a b", "", "Ä ä 😀!")


def test_frequent_words_come_first_and_ties_by_the_alphabet() -> None:
    assert Vocabulary.of(TEXTS, 10).words == ("a", "b", "ä", "c", "😀")
    assert Vocabulary.of(TEXTS, 10, least=2).words == ("a", "b", "ä")
    assert Vocabulary.of(TEXTS, 1).words == ("a",)


def test_counts() -> None:
    known = Vocabulary(("a", "b"))
    np.testing.assert_array_equal(known.counts(TEXTS).toarray(), [[2, 1], [1, 1], [0, 0], [0, 0]])
    assert known.counts(()).shape == (0, 2)
    assert Vocabulary(()).counts(TEXTS).shape == (4, 0)


def test_running_words_keep_their_order_and_unknown_ones_their_place() -> None:
    places, owners = Vocabulary(("a", "b")).running(TEXTS[:2])
    assert (places.tolist(), owners.tolist()) == ([1, 0, 0, -1, 0, 1], [0, 0, 0, 1, 1, 1])


def test_texts_of_data_sets() -> None:
    data = Dataset("d", Modality.TEXT, np.array(["x", "y"], dtype=object))
    assert texts_of(None, data, data.take(np.array([1]))) == ("x", "y", "y")
