"""Pairs of words to align two languages by."""

from __future__ import annotations

import numpy as np

from autotransfer.bridge import Bridge
from autotransfer.data import Array
from autotransfer.errors import TrainingError
from autotransfer_crosslingual.lexicon import mutual_pairs
from autotransfer_crosslingual.vocabulary import Vocabulary


def seed_pairs(bridge: Bridge | None, there: Vocabulary, here: Vocabulary) -> Array:
    """int (p, 2), places in both vocabularies, p >= 1: what the bridge tells, and words that are written alike in both
    (Smith, Turban, Hamblin and Hammerla, ICLR 2017, arXiv:1702.03859) and in no other pair.

    :raises TrainingError: there is none.
    """
    told = () if bridge is None else mutual_pairs(bridge)
    pairs = [(a, b) for a, b in told if a in there and b in here]
    taken = ({a for a, _ in pairs}, {b for _, b in pairs})
    alike = [word for word in there.words if word in here and word not in taken[0] and word not in taken[1]]
    places = [(there.place(a), here.place(b)) for a, b in (*pairs, *((word, word) for word in alike))]
    if not places:
        raise TrainingError("no word is known to mean the same in both languages: give --parallel or --dictionary")
    return np.array(places, np.int64)
