"""Products of representation and prediction, exact and at random."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_adaptation.deep.multilinear import MultilinearMap, sureness


def test_all_products_with_the_probabilities() -> None:
    """Column (i, k) is z_i p_k; no gradient reaches the scores."""
    z = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    scores = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
    found = MultilinearMap(3, 2, None)(z, scores)
    p = scores.softmax(1).detach().numpy()
    np.testing.assert_allclose(found.detach(), np.einsum("ni,nk->nik", z.detach().numpy(), p).reshape(4, 6))
    found.sum().backward()
    np.testing.assert_allclose(z.grad, np.ones((4, 3)))
    assert scores.grad is None


def test_the_random_map_keeps_inner_products_on_average() -> None:
    """E <T(z, p), T(z', p')> = <z, z'> <p, p'>: within five standard errors with 200,000 columns."""
    torch.manual_seed(0)
    z, scores = torch.randn(5, 6), torch.randn(5, 4)
    mapped = MultilinearMap(6, 4, 200_000)(z, scores)
    p = scores.softmax(1)
    exact = (z @ z.T) * (p @ p.T)
    scale = (z.square().sum(1).outer(z.square().sum(1)) * p.square().sum(1).outer(p.square().sum(1))).sqrt()
    assert float(((mapped @ mapped.T - exact).abs() / scale).max()) < 5 * 3 / 200_000**0.5


def test_sure_rows_count_more_and_the_mean_is_1() -> None:
    """1 + exp(-entropy), scaled: a sure row counts 2, a uniform one over C classes 1 + 1 / C, before scaling."""
    scores = torch.tensor([[50.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
    np.testing.assert_allclose(sureness(scores), np.array([2, 4 / 3]) / (5 / 3), rtol=1e-6)
