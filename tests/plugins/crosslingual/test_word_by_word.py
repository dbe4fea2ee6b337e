"""Lexical translation."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.word_by_word import both_readers, translated

LEXICON = {"red": "rot", "house": "haus", "crimson": "rot"}


def test_unknown_words_stay() -> None:
    assert translated("The RED house, 😀", LEXICON) == "the rot haus 😀"


def test_reading_a_text_is_reading_its_translation() -> None:
    there, here = both_readers(("red house", "berlin house"), ("rot berlin", "haus"), LEXICON, 10)
    texts = ("red crimson house", "berlin", "", "unheard")
    expected = here.features([translated(text, LEXICON) for text in texts])
    np.testing.assert_allclose(there.features(texts), expected)


def test_words_of_the_lexicon_are_known_though_no_training_row_has_them() -> None:
    there, here = both_readers(("house",), ("rot",), LEXICON, 10)
    np.testing.assert_allclose(there.features(("crimson",)), here.features(("rot",)))
