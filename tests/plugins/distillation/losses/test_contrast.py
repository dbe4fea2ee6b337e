"""Contrastive losses against loops in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.contrast import Projection, critic_loss, info_nce, mean_level
from scipy.special import logsumexp


def pair(n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Anchors, others, and pairs that are no negatives, some own pairs among them."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(n, 4)), rng.normal(size=(m, 4))
    a, b = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (a, b))
    return a, b, rng.random((n, m)) < 0.3


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("temperature", [0.07, 1.0])
def test_info_nce(temperature: float, masked: bool) -> None:
    a, b, forbidden = pair(5, 9)
    allowed = ~forbidden if masked else np.ones((5, 9), bool)
    expected = 0.0
    for i in range(5):
        scores = [a[i] @ b[j] / temperature for j in range(9) if j == i or allowed[i, j]]
        expected += (logsumexp(scores) - a[i] @ b[i] / temperature) / 5
    mask = torch.tensor(forbidden) if masked else None
    assert float(info_nce(torch.tensor(a), torch.tensor(b), temperature, mask)) == pytest.approx(expected)


@pytest.mark.parametrize("masked", [False, True])
def test_the_critic(masked: bool) -> None:
    """h = e^s / (e^s + Z N / M), N = 8 other rows of M = 50, Z = M mean(e^s)."""
    a, b, forbidden = pair(5, 9)
    exponents = np.exp(a @ b.T / 0.5)
    level = mean_level(torch.tensor(a), torch.tensor(b), 0.5)
    assert level == pytest.approx(np.log(exponents.mean()))
    constant = 50 * exponents.mean()
    expected = 0.0
    for i in range(5):
        h = exponents[i] / (exponents[i] + constant * 8 / 50)
        negatives = [j for j in range(9) if j != i and not (masked and forbidden[i, j])]
        expected -= (np.log(h[i]) + np.log(1 - h[negatives]).sum()) / 5
    mask = torch.tensor(forbidden) if masked else None
    found = critic_loss(torch.tensor(a), torch.tensor(b), 0.5, level, mask)
    assert float(found) == pytest.approx(expected)


def test_info_nce_bounds_the_information() -> None:
    """log m - loss is at most log m, and near it for pairs that are told apart with ease."""
    z = torch.eye(16, dtype=torch.float64)
    assert 0.0 < float(info_nce(z, z, 0.05)) < 1e-6


def test_a_row_without_negatives_costs_nothing_and_breaks_nothing() -> None:
    z = torch.ones(1, 3, requires_grad=True)
    for loss in (info_nce(z, z, 0.1), critic_loss(z, z, 0.1, 0.0)):
        loss.backward()
    assert float(info_nce(z.detach(), z.detach(), 0.1)) == 0.0
    assert torch.isfinite(z.grad).all()


def test_projections_have_length_one() -> None:
    found = Projection(6, 4)(torch.randn(5, 6))
    torch.testing.assert_close(found.norm(dim=1), torch.ones(5))
