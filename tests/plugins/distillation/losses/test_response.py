"""Softened responses against NumPy and SciPy in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.response import softened_divergence
from scipy.special import log_softmax, rel_entr, softmax


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 50.0])
def test_the_loss_is_the_divergence_of_softened_responses(temperature: float, scale: float) -> None:
    """T^2 sum_c p_c log(p_c / q_c), p and q the softmax of scores / T."""
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(7, 4)) * scale, rng.normal(size=(7, 4)) * scale
    p, q = (softmax(scores / temperature, axis=1) for scores in (teacher, student))
    expected = temperature**2 * rel_entr(p, q).sum(axis=1).mean()
    found = softened_divergence(torch.tensor(student), torch.tensor(teacher), temperature)
    assert float(found) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_hot_responses_are_matched_as_squared_differences() -> None:
    """For T -> infinity the gradient is (z - v) / C for scores of mean 0 (the paper, equation 4)."""
    rng = np.random.default_rng(1)
    scores = [rng.normal(size=(1, 5)) for _ in range(2)]
    z, v = (torch.tensor(s - s.mean()) for s in scores)
    z.requires_grad_()
    softened_divergence(z, v, temperature=1e5).backward()
    torch.testing.assert_close(z.grad, (z.detach() - v) / 5, rtol=1e-3, atol=1e-6)


def test_the_gradient_at_one_degree_is_that_of_cross_entropy() -> None:
    """d/dz = softmax(z) - p, for p the teacher's probabilities."""
    rng = np.random.default_rng(2)
    z, v = rng.normal(size=(1, 3)), rng.normal(size=(1, 3))
    student = torch.tensor(z, requires_grad=True)
    softened_divergence(student, torch.tensor(v)).backward()
    np.testing.assert_allclose(student.grad, softmax(z, axis=1) - np.exp(log_softmax(v, axis=1)), atol=1e-12)


def test_equal_responses_cost_nothing() -> None:
    scores = torch.tensor([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0]])
    assert float(softened_divergence(scores, scores + 3.0, 2.0)) == pytest.approx(0.0, abs=1e-6)
