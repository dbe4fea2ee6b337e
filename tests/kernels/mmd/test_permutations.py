"""The permutation test against a kernel matrix that is permuted for real, and under hypotheses that are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from autotransfer.errors import InputError
from autotransfer.kernels import mmd2, permutation_test
from autotransfer.kernels.mmd.permutations import _splits

pytestmark = pytest.mark.usefixtures("compiled")

WIDTHS = [8.0, 4.0, 2.0, 1.0]


@pytest.mark.parametrize("unbiased", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_equals_mmd2_of_permuted_rows(samples, unbiased, dtype) -> None:
    """The value is ``mmd2``; the null values are ``mmd2`` of the rows that each split puts together."""
    x, y = samples(40, 25, 3, dtype)
    pooled, splits = torch.cat([x, y]), torch.from_numpy(_splits(40, 25, 150, seed=3)).bool()
    found = permutation_test(x, y, WIDTHS, permutations=150, seed=3, unbiased=unbiased)
    tolerance = 1e-11 if dtype == torch.float64 else 2e-6
    assert found.value == pytest.approx(mmd2(x, y, WIDTHS, unbiased).item(), abs=tolerance)
    for column in range(1, 151, 29):
        inside = splits[:, column].to(pooled.device)
        expected = mmd2(pooled[inside], pooled[~inside], WIDTHS, unbiased).item()
        assert found.null[column - 1].item() == pytest.approx(expected, abs=tolerance)
    assert found.p_value == (1 + int((found.null >= found.value).sum())) / 151


def test_splits_have_the_samples_sizes() -> None:
    """The real one first, then random ones, the same for one seed."""
    splits = _splits(30, 12, 200, seed=5)
    assert (splits.sum(0) == 30).all()
    assert (splits[:30, 0] == 1).all()
    assert len({column.tobytes() for column in splits.T}) == 201
    assert np.array_equal(splits, _splits(30, 12, 200, seed=5))
    # Each row is as often a member as another: a binomial share of 200 splits.
    assert abs(splits[:, 1:].mean(1) - 30 / 42).max() < 5 * np.sqrt(30 / 42 * 12 / 42 / 200)


def test_p_values_are_uniform_under_the_null() -> None:
    """500 pairs of samples of one distribution: Kolmogorov and Smirnov find nothing, and P(p <= 0.05) is about 0.05."""
    rng = np.random.default_rng(0)
    p_values = []
    for trial in range(500):
        z = torch.from_numpy(rng.normal(size=(24, 2)))
        p_values.append(permutation_test(z[:12], z[12:], WIDTHS, permutations=99, seed=trial).p_value)
    jitter = rng.uniform(0, 0.01, size=500)  # p is a multiple of 1/100
    assert kstest(np.array(p_values) - jitter, "uniform").pvalue > 0.01
    assert np.mean(np.array(p_values) <= 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 500)


def test_it_has_power(samples) -> None:
    """A shift of half a standard deviation is found at once, a difference of spread too; the least p is 1/(1 + B)."""
    x, y = samples(150, 150, 2, shift=0.5)
    assert permutation_test(x, y, WIDTHS, permutations=199).p_value == 1 / 200
    wide = samples(150, 150, 2, shift=0.0)[1] * 2
    assert permutation_test(x, wide, WIDTHS, permutations=199).p_value == 1 / 200


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_ties_count(dtype, device) -> None:
    """Of 2 and 2 rows there are three splits, each met in both orders: no p below about 1/3 is possible."""
    x, y = torch.tensor([[0.0], [0.1]], dtype=dtype), torch.tensor([[5.0], [5.1]], dtype=dtype)
    found = permutation_test(x.to(device), y.to(device), WIDTHS, permutations=999)
    assert found.p_value == pytest.approx(1 / 3, abs=4 * np.sqrt(2 / 9 / 999))
    same = torch.zeros(6, 2, dtype=dtype, device=device)
    assert permutation_test(same[:3], same[3:], WIDTHS, permutations=49).p_value == 1.0


def test_one_row_is_enough_for_the_biased_form(samples) -> None:
    """And not for the unbiased one."""
    x, y = samples(1, 40, 2, shift=9.0)
    found = permutation_test(x, y, WIDTHS, permutations=400, unbiased=False)
    assert found.value == pytest.approx(mmd2(x, y, WIDTHS, False).item(), rel=1e-10)
    assert found.p_value < 0.1
    with pytest.raises(InputError, match="x has 1 rows; it needs 2"):
        permutation_test(x, y, WIDTHS)
    with pytest.raises(InputError, match="permutations is 0"):
        permutation_test(y, y, WIDTHS, permutations=0)


def test_runs_are_equal_bit_by_bit(samples) -> None:
    """Also with two threads."""
    x, y = samples(500, 450, 20, torch.float32)
    before = torch.get_num_threads()
    expected = permutation_test(x, y, WIDTHS, permutations=150).null
    try:
        torch.set_num_threads(2)
        assert all(torch.equal(permutation_test(x, y, WIDTHS, permutations=150).null, expected) for _ in range(5))
    finally:
        torch.set_num_threads(before)


def test_what_is_not_finite_is_seen(samples) -> None:
    """No p-value comes out of NaN."""
    x, y = samples(30, 20, 3)
    x[4, 1] = float("nan")
    found = permutation_test(x, y, WIDTHS, permutations=20)
    assert np.isnan(found.value)
    assert np.isnan(found.p_value)
