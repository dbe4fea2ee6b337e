"""Soft neighbourhood density against a loop over rows, the paper's temperature, and its known failure."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators import soft_neighborhood_density as module
from autotransfer_validators.soft_neighborhood_density import SoftNeighborhoodDensity, neighborhood_entropies
from scipy import special, stats


def by_loops(P, temperature):
    units = [row / np.linalg.norm(row) for row in P]
    found = []
    for i, one in enumerate(units):
        scores = [(-1.0 if i == j else float(one @ other)) / temperature for j, other in enumerate(units)]
        found.append(stats.entropy(special.softmax(scores)))
    return np.array(found)


def score(make, rows, **options):
    return SoftNeighborhoodDensity(**options).score(make(target=rows))


@pytest.mark.parametrize("temperature", [0.05, 0.5])
def test_it_is_the_mean_of_the_rows_entropies(make, drawn, temperature):
    expected = by_loops(drawn, temperature)
    np.testing.assert_allclose(neighborhood_entropies(drawn, temperature), expected, rtol=1e-9, atol=1e-12)
    assert score(make, drawn, temperature=temperature) == pytest.approx(expected.mean())


def test_the_temperature_is_the_papers():
    assert SoftNeighborhoodDensity().temperature == 0.05


def test_blocks_do_not_show(drawn, monkeypatch):
    whole = neighborhood_entropies(drawn, 0.05)
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    np.testing.assert_allclose(neighborhood_entropies(drawn, 0.05), whole, rtol=1e-12)


def test_sure_even_classes_have_their_own_rows_as_neighbours(make, sure):
    """14 others at similarity 1, 45 at 0: the softmax at 1 / 0.05 = 20 leaves the latter e^-20 each."""
    assert score(make, sure) == pytest.approx(np.log(14), abs=1e-4)


def test_rows_that_are_all_alike_are_the_densest(make, sure):
    """The published failure: a collapse to one class, or to no class at all, has 59 neighbours of similarity 1."""
    for rows in (np.eye(4)[np.zeros(60, int)], np.full((60, 4), 0.25)):
        assert score(make, rows) == pytest.approx(np.log(59), abs=1e-6)
        assert score(make, rows) > score(make, sure)


def test_a_lone_row_has_no_neighbours(make, drawn):
    assert np.isnan(score(make, drawn[:1]))
    assert score(make, drawn[:2]) == pytest.approx(0.0, abs=1e-6)


def test_many_rows_are_sampled(make, drawn, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 20)
    assert score(make, drawn) < np.log(20)
    assert score(make, drawn) == score(make, drawn)
