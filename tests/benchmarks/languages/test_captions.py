"""Retrieval: what is asked for is not what was learned from."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.embedding import WordVectors
from autotransfer_crosslingual.vocabulary import Vocabulary

from benchmarks.languages.captions import bridge_of, right_at_first, shared_out


def test_no_asked_word_is_among_the_seeds() -> None:
    words = tuple(f"w{n}" for n in range(90))
    known = WordVectors(Vocabulary(words), np.zeros((90, 2)))
    seeds, asked = shared_out(tuple((word, word) for word in (*words, "unknown")), known, known)
    assert (len(seeds), len(asked)) == (60, 30)
    for side in (0, 1):
        assert not set(seeds[:, side]) & set(asked[:, side])


def test_right_at_first_by_hand() -> None:
    scores = np.array([[0.9, 0.1], [0.8, 0.2]])
    assert right_at_first(scores, np.array([[0, 0], [1, 1]])) == 0.5


def test_bridge_holds_the_pairs() -> None:
    assert bridge_of(("a",), ("b",)).sentences.tolist() == [["a", "b"]]
