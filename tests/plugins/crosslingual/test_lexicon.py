"""Dictionaries out of what the bridge holds."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.lexicon import lexicon, mutual_pairs

from autotransfer.bridge import Bridge, no_pairs

SENTENCES = np.array([["red house", "rotes haus"], ["red", "rotes"], ["old house", "altes haus"]], dtype=object)
WORDS = np.array([["house", "Gebäude"], ["house", "haus"], ["ice cream", "eis"]], dtype=object)


def test_is_learned_from_sentences_both_ways() -> None:
    bridge = Bridge(SENTENCES)
    assert lexicon(bridge, back=False) == {"red": "rotes", "house": "haus", "old": "altes"}
    assert lexicon(bridge, back=True) == {"rotes": "red", "haus": "house", "altes": "old"}
    assert set(mutual_pairs(bridge)) == {("red", "rotes"), ("house", "haus"), ("old", "altes")}


def test_a_given_entry_comes_before_what_was_learned_and_the_first_entry_counts() -> None:
    bridge = Bridge(SENTENCES, WORDS)
    assert lexicon(bridge, back=False)["house"] == "gebäude"
    assert lexicon(bridge, back=True)["haus"] == "house"


def test_entries_of_several_words_are_no_pairs_of_words() -> None:
    assert mutual_pairs(Bridge(no_pairs(), WORDS)) == (("house", "gebäude"), ("house", "haus"))
    assert "eis" not in lexicon(Bridge(no_pairs(), WORDS), back=True)
