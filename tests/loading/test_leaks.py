"""What counts as the label in another guise."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.loading.leaks import repeats_label

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.permutations(["x", "yy", "z"]))
def test_every_renaming_of_the_classes_is_found(seed, names):
    """column = π(y) for a bijection π."""
    y = np.concatenate([np.arange(3), np.random.default_rng(seed).integers(0, 3, 40)])
    assert repeats_label(np.array(names, dtype=object)[y], y, values=False)
    assert repeats_label(np.array([7.0, -1.0, 3.0])[y], y, values=False)


@given(SEEDS)
def test_one_exception_is_enough_to_stay(seed):
    rng = np.random.default_rng(seed)
    y = np.concatenate([np.arange(3), rng.integers(0, 3, 40)])
    column = y.astype(float)
    column[rng.integers(43)] += 1
    assert not repeats_label(column, y, values=False)


@given(SEEDS, st.floats(-1e6, 1e6).filter(lambda a: abs(a) > 1e-3), st.floats(-100, 100))
def test_every_straight_line_of_a_value_is_found(seed, slope, offset):
    """|corr(a y + b, y)| = 1, while noise of 1 % leaves |corr| < 1 - 1e-9."""
    rng = np.random.default_rng(seed)
    y = rng.normal(size=50)
    assert repeats_label(slope * y + offset * abs(slope), y, values=True)
    assert not repeats_label(slope * (y + 0.01 * rng.normal(size=50)), y, values=True)


def test_few_rows_many_classes_gaps_and_words_prove_nothing():
    y = np.arange(29) % 2
    assert not repeats_label(y.astype(float), y, values=False)
    y = np.arange(60) % 12
    assert not repeats_label(y.astype(float), y, values=False)
    y = np.arange(40) % 2
    assert not repeats_label(np.where(np.arange(40) == 3, np.nan, y), y, values=False)
    assert not repeats_label(np.array(list("ab") * 20, dtype=object), np.arange(40.0), values=True)
    assert not repeats_label(np.zeros(40), np.arange(40.0), values=True)
