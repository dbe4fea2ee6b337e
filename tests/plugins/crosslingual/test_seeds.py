"""What two languages are aligned by."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_crosslingual.seeds import seed_pairs
from autotransfer_crosslingual.vocabulary import Vocabulary

from autotransfer.bridge import Bridge, no_pairs
from autotransfer.errors import TrainingError

THERE, HERE = Vocabulary(("gift", "house", "berlin")), Vocabulary(("haus", "gift", "berlin", "geschenk"))


def named(pairs: np.ndarray) -> set[tuple[str, str]]:
    return {(THERE.words[a], HERE.words[b]) for a, b in pairs}


def test_words_written_alike_are_pairs() -> None:
    assert named(seed_pairs(None, THERE, HERE)) == {("gift", "gift"), ("berlin", "berlin")}


def test_unless_one_of_them_means_something_else() -> None:
    words = np.array([["gift", "geschenk"], ["house", "haus"], ["unknown", "fremd"]], dtype=object)
    found = named(seed_pairs(Bridge(no_pairs(), words), THERE, HERE))
    assert found == {("gift", "geschenk"), ("house", "haus"), ("berlin", "berlin")}


def test_no_pair_is_an_error_that_says_what_to_give() -> None:
    with pytest.raises(TrainingError, match="--parallel"):
        seed_pairs(None, THERE, Vocabulary(("sonst",)))
