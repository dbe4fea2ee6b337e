"""The linear-time statistic against its definition, and its error bars against repetitions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.kernels import linear_time_mmd2, mmd2

WIDTHS = [4.0, 2.0]


def test_equals_the_definition(samples) -> None:
    """h of each pair of pairs, written out; the odd row and the longer sample's rest are not used."""
    x, y = samples(11, 15, 3)
    X, Y = x.numpy(), y.numpy()

    def k(u, v):
        return sum(np.exp(-np.sum((u - v) ** 2) / width) for width in WIDTHS)

    h = [k(X[i], X[i + 1]) + k(Y[i], Y[i + 1]) - k(X[i], Y[i + 1]) - k(X[i + 1], Y[i]) for i in range(0, 10, 2)]
    found = linear_time_mmd2(x, y, WIDTHS)
    assert found.value.item() == pytest.approx(np.mean(h), rel=1e-12)
    assert found.deviation == pytest.approx(np.std(h, ddof=1) / np.sqrt(5), rel=1e-10)


def test_calibrated_and_centred_on_mmd2() -> None:
    """Over repetitions: mean within its error of the population's value, spread as stated, p-values small at random."""
    rng = np.random.default_rng(1)
    found = [linear_time_mmd2(*torch.from_numpy(rng.normal(size=(2, 400, 2))), WIDTHS) for _ in range(400)]
    values = np.array([one.value.item() for one in found])
    assert abs(values.mean()) < 3 * values.std() / 20
    assert np.mean([one.deviation for one in found]) == pytest.approx(values.std(), rel=0.15)
    assert np.mean([one.p_value <= 0.1 for one in found]) == pytest.approx(0.1, abs=3 * np.sqrt(0.09 / 400))


def test_large_samples(samples) -> None:
    """More than one chunk; near the estimate from all pairs; small p; gradients."""
    x, y = samples(150_000, 140_000, 2, shift=0.4)
    found = linear_time_mmd2(x, y, WIDTHS)
    few = mmd2(x[:1000], y[:1000], WIDTHS).item()
    assert found.value.item() == pytest.approx(few, abs=0.03)
    assert found.p_value < 1e-6
    rows = [sample[:8].clone().requires_grad_() for sample in (x, y)]
    assert torch.autograd.gradcheck(lambda a, b: linear_time_mmd2(a, b, WIDTHS).value, rows)


def test_errors_and_constants(samples) -> None:
    """Too few rows; samples without any variance."""
    x, y = samples(3, 9, 2)
    with pytest.raises(InputError, match="x has 3 rows; it needs 4"):
        linear_time_mmd2(x, y, WIDTHS)
    same = torch.zeros(8, 2)
    found = linear_time_mmd2(same, same, WIDTHS)
    assert (found.value.item(), found.deviation, found.p_value) == (0.0, 0.0, 1.0)
