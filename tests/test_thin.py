"""A thinned source keeps the shares of its domains and classes, and is the same at every call."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Source
from autotransfer.thin import MOST_ROWS, notes, spread, thinned


def source_of(n: int) -> Source:
    rows = Dataset("s", Modality.FEATURES, np.arange(n, dtype=float)[:, None], np.arange(n) % 3)
    return Source("s", Asset.SOURCE_INPUTS, rows, ("a", "b", "c"))


@given(sizes=st.lists(st.integers(5, 60), min_size=1, max_size=4), share=st.floats(0.2, 1.0), seed=st.integers(0, 9))
@settings(deadline=None)
def test_each_domain_and_class_keeps_its_share(sizes: list[int], share: float, seed: int) -> None:
    """A stratum of m out of n rows gets k with |k - m most / n| < 1: strata are stretches of the order."""
    domain = np.repeat(np.arange(len(sizes)), sizes)
    n = len(domain)
    y = np.random.default_rng(seed).integers(0, 3, n)
    data = Dataset("s", Modality.FEATURES, np.zeros((n, 1)), y, domain)
    most = max(1, int(share * n))
    rows = spread(data, most)
    assert len(rows) == len(np.unique(rows)) == most
    for d in range(len(sizes)):
        for label in range(3):
            stratum = (domain == d) & (y == label)
            assert abs(stratum[rows].sum() - stratum.sum() * most / n) < 1


def test_small_sources_stay_as_they_are() -> None:
    """At the limit nothing is left out, and nothing is said."""
    source = source_of(MOST_ROWS)
    assert thinned(source) is source
    assert notes([source]) == ()


def test_large_sources_are_thinned_and_noted() -> None:
    """Rows and labels stay together, and two calls agree."""
    source = source_of(MOST_ROWS + 1000)
    one, two = thinned(source), thinned(source)
    assert len(one.rows) == MOST_ROWS
    np.testing.assert_array_equal(one.rows.X, two.rows.X)
    np.testing.assert_array_equal(one.rows.X[:, 0] % 3, one.rows.y)
    assert notes([source]) == ("s: trials use 4000 of its 5000 rows; the shipped model is trained on all",)
