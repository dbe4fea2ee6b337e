"""InfoNCE against the formula in double precision, its gradient, and its values where they are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from autotransfer_multimodal.loss import MOST, SHARPEST, START, TEMPERATURE, info_nce


def reference(similarities: np.ndarray) -> float:
    """-(1/2n) Σᵢ [log(e^sᵢᵢ / Σⱼ e^sᵢⱼ) + log(e^sᵢᵢ / Σⱼ e^sⱼᵢ)], each sum with its largest term taken out."""

    def half(s: np.ndarray) -> float:
        most = s.max(axis=1, keepdims=True)
        total = most[:, 0] + np.log(np.exp(s - most).sum(axis=1))
        return float(np.mean(total - np.diag(s)))

    return (half(similarities) + half(similarities.T)) / 2


@pytest.mark.parametrize("n", [1, 2, 7, 64])
@pytest.mark.parametrize("scale", [0.1, 1.0, 100.0])
def test_it_is_the_formula(n: int, scale: float) -> None:
    s = scale * np.random.default_rng(n).normal(size=(n, n))
    assert float(info_nce(torch.from_numpy(s))) == pytest.approx(reference(s), rel=1e-12, abs=1e-12)


def test_its_gradient_is_right() -> None:
    """Through the cosines and the factor, against differences, in double precision."""
    generator = torch.Generator().manual_seed(0)
    x, t = (torch.randn(5, 4, generator=generator, dtype=torch.float64, requires_grad=True) for _ in range(2))
    log_factor = torch.tensor(1.3, dtype=torch.float64, requires_grad=True)

    def loss(x: torch.Tensor, t: torch.Tensor, log_factor: torch.Tensor) -> torch.Tensor:
        unit = torch.nn.functional.normalize
        return info_nce(log_factor.exp() * unit(x, dim=1) @ unit(t, dim=1).T)

    assert torch.autograd.gradcheck(loss, (x, t, log_factor))


def test_values_that_are_known() -> None:
    """n equal similarities: log n. Every own partner far ahead: 0. Nothing changes when images and texts trade
    places, or when pairs come in another order."""
    assert float(info_nce(torch.zeros(8, 8, dtype=torch.float64))) == pytest.approx(math.log(8))
    assert float(info_nce(200 * torch.eye(5, dtype=torch.float64))) == pytest.approx(0, abs=1e-12)
    s, order = torch.randn(6, 6, dtype=torch.float64), torch.tensor([3, 0, 5, 1, 2, 4])
    assert float(info_nce(s)) == pytest.approx(float(info_nce(s.T)))
    assert float(info_nce(s)) == pytest.approx(float(info_nce(s[order][:, order])))


def test_the_factor_starts_and_ends_as_in_the_paper() -> None:
    assert math.exp(START) == pytest.approx(1 / TEMPERATURE)
    assert math.exp(MOST) == pytest.approx(SHARPEST)
