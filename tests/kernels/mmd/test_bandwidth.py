"""The median heuristic against SciPy's distances."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist

from autotransfer.errors import InputError
from autotransfer.kernels import median_bandwidth, mmd2


@pytest.mark.parametrize(("n", "m"), [(20, 15), (3, 1), (2, 2), (1, 1)])
def test_is_the_median_of_all_pairs(samples, n, m) -> None:
    """Of an even number of distances, the mean of the two in the middle."""
    x, y = samples(n, m, 4)
    expected = np.median(pdist(torch.cat([x, y]).cpu(), "sqeuclidean"))
    assert median_bandwidth(x, y).item() == pytest.approx(expected, rel=1e-12)


def test_many_rows_are_sampled(samples) -> None:
    """The same ones for a seed; close to the median of all."""
    x, y = samples(900, 800, 5)
    every = median_bandwidth(x, y, rows=10_000).item()
    some = [median_bandwidth(x, y, rows=400, seed=seed).item() for seed in (0, 0, 1)]
    assert some[0] == some[1] != some[2]
    assert some == pytest.approx([every] * 3, rel=0.1)


def test_copies_have_a_bandwidth(samples) -> None:
    """Where the median is 0 the mean stands in; where all is 0, 1."""
    x, y = samples(30, 3, 2)
    same = x[:1].expand(30, 2)
    expected = pdist(torch.cat([same, y]).cpu(), "sqeuclidean").mean()
    assert median_bandwidth(same, y).item() == pytest.approx(expected, rel=1e-12)
    assert median_bandwidth(same, same).item() == 1.0


def test_it_is_a_constant(samples) -> None:
    """No gradient flows through it: that of MMD^2 is the one at a fixed bandwidth."""
    x, y = samples(10, 12, 3)
    X = x.requires_grad_()
    width = median_bandwidth(X, y)
    assert not width.requires_grad
    (through,) = torch.autograd.grad(mmd2(X, y, width), X)
    (fixed,) = torch.autograd.grad(mmd2(X, y, [width.item()]), X)
    torch.testing.assert_close(through, fixed)


def test_errors_and_what_is_not_finite(samples) -> None:
    """NaN rows have no median."""
    x, y = samples(10, 12, 3)
    x[2, 1] = float("nan")
    assert median_bandwidth(x, y).isnan()
    with pytest.raises(InputError, match="x has 0 rows"):
        median_bandwidth(x[:0], y)
