"""Pairs for validators: apart from the targets that methods are held to, and cut as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import row_hashes
from benchmarks.tasks.pairs import MOST_ROWS, PAIRS, QUICK, Pair
from benchmarks.tasks.rows import Rows


def test_names_are_unique_and_the_quick_ones_exist():
    names = [pair.name for pair in PAIRS]
    assert len(set(names)) == len(names)
    assert set(QUICK) <= set(names)


@pytest.mark.parametrize("word", ["usps", "pacs", "books-kitchen", "dvd-electronics"])
def test_no_target_is_one_that_methods_are_held_to(word):
    assert not [pair.name for pair in PAIRS if word in pair.name]


def test_rows_are_drawn_by_seed_and_none_stands_on_both_sides(tmp_path):
    X = np.arange(2000.0)[:, None]
    pair = Pair("toy", "toys", lambda data, seed: (Rows(X, X[:, 0] % 2), Rows(X[:1200], X[:1200, 0] % 2)))
    source, target = pair.rows(tmp_path, 0)
    assert (len(source), len(target)) == (MOST_ROWS, MOST_ROWS)
    assert not np.isin(source.inputs, X[:1200]).any()
    assert (pair.rows(tmp_path, 0)[1].inputs == target.inputs).all()
    assert (pair.rows(tmp_path, 1)[1].inputs != target.inputs).any()


@pytest.mark.data
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_pair_loads(pair: Pair, data_dir: Path):
    """Both sides have rows, the same columns and, of classes, the same names; no target row is a source row."""
    source, target = pair.rows(data_dir, 0)
    assert 100 < len(source) <= MOST_ROWS
    assert 100 < len(target) <= MOST_ROWS
    if not pair.regression:
        assert set(target.y) <= set(source.y)
    if source.inputs.shape[1:] == target.inputs.shape[1:]:
        assert not np.isin(row_hashes(source.inputs), row_hashes(target.inputs)).any()
