from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.pretrained.wordpieces import INNER, PAD, SPECIALS, START, UNKNOWN, learn_pieces, numbers, words

TEXTS = ["The cat sat on the mat.", "the cats sat", "A walking man was walking", "talking, talking"]


def spelled(row: np.ndarray, pieces: tuple[str, ...]) -> str:
    """The pieces put together again."""
    known = [pieces[number - SPECIALS] for number in row if number >= SPECIALS]
    return "".join(piece.removeprefix(INNER) if piece.startswith(INNER) else f" {piece}" for piece in known).strip()


def test_known_texts_come_back() -> None:
    pieces = learn_pieces(TEXTS, 200)
    for text, row in zip(TEXTS, numbers(TEXTS, pieces, 64), strict=True):
        assert spelled(row, pieces) == " ".join(words(text))


def test_frequent_words_are_one_piece_and_new_ones_are_put_together() -> None:
    pieces = learn_pieces(TEXTS, 200)
    (row,) = numbers(["the stalking"], pieces, 64)
    assert row[0] == START
    assert row[1] == SPECIALS + pieces.index("the")
    assert spelled(row, pieces) == "the stalking"
    assert len(row) < 2 + len("stalking")


def test_the_vocabulary_is_small_and_the_same_each_time() -> None:
    assert learn_pieces(TEXTS, 30) == learn_pieces(list(TEXTS), 30)
    assert len(learn_pieces(TEXTS, 30)) <= 30
    assert len(set(learn_pieces(TEXTS, 200))) == len(learn_pieces(TEXTS, 200))


def test_what_has_an_unknown_character_is_unknown_as_a_whole() -> None:
    assert numbers(["тест"], learn_pieces(TEXTS, 200), 8).tolist() == [[START, UNKNOWN]]


def test_missing_and_empty_texts_are_the_start_alone() -> None:
    assert numbers([None, "", "cat cat"], ("cat",), 8).tolist() == [
        [START, PAD, PAD],
        [START, PAD, PAD],
        [START, SPECIALS, SPECIALS],
    ]
    assert numbers([], ("cat",), 8).shape == (0, 1)


@given(st.lists(st.text(), min_size=1, max_size=5), st.integers(1, 12))
def test_rows_are_cut_and_numbers_are_in_range(texts: list[str], longest: int) -> None:
    pieces = learn_pieces(TEXTS, 50)
    found = numbers(texts, pieces, longest)
    assert found.shape[0] == len(texts)
    assert 1 <= found.shape[1] <= longest
    assert found.min() >= 0
    assert found.max() < SPECIALS + len(pieces)
