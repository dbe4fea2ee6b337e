"""Uncertainty weighting, GradNorm and dynamic weight average: what each batch adds up to."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_multitask.dynamic_weight_average import DynamicWeightAverage, shares
from autotransfer_multitask.gradnorm import GradNorm, imbalance
from autotransfer_multitask.rows import gather
from autotransfer_multitask.uncertainty_weighting import UncertaintyWeighting

from autotransfer.task import Context
from autotransfer.testing.subtasks import many_tasks


@pytest.fixture
def rows():
    """Two tasks with classes, then one with values."""
    return gather(many_tasks().task)


class Seen:
    """A batch in which only losses and gradient norms count."""

    def __init__(self, losses, norms=None):
        self.losses = torch.tensor(losses)
        self._norms = norms

    def last_layer(self):
        return torch.tensor(self._norms)[:, None]


def test_noise_weighs_values_and_classes_as_the_paper_has_it(rows):
    """loss / (2 σ²) + log σ of values, loss / σ² + log σ of classes, with s = log σ²."""
    combine, (s,) = UncertaintyWeighting().weighing(rows, Context())
    with torch.no_grad():
        s.copy_(torch.tensor([0.5, -1.0, 2.0]))
    losses, variance = np.array([0.7, 1.1, 0.4]), np.exp([0.5, -1.0, 2.0])
    expected = losses / variance * [1, 1, 0.5] + np.log(np.sqrt(variance))
    assert combine(Seen([0.7, 1.1, 0.4])).item() == pytest.approx(expected.mean(), rel=1e-5)


def test_noise_follows_the_loss(rows):
    """The best σ² is the loss itself for values, twice the loss for classes."""
    combine, (s,) = UncertaintyWeighting().weighing(rows, Context())
    optimiser = torch.optim.Adam([s], 0.1)
    for _ in range(300):
        optimiser.zero_grad()
        combine(Seen([0.7, 1.1, 0.4])).backward()
        optimiser.step()
    assert torch.allclose(s.exp(), torch.tensor([1.4, 2.2, 0.4]), atol=1e-2)


def test_imbalance_is_the_papers_equation():
    """Σ |G_k - mean(G) r_k^α|, whose gradient does not go through the target."""
    norms = torch.tensor([1.0, 3.0, 2.0], requires_grad=True)
    progress = torch.tensor([0.5, 1.0, 1.5])
    found = imbalance(norms, progress, 2.0)
    target = 2.0 * np.array([0.5, 1.0, 1.5]) ** 2
    assert found.item() == pytest.approx(np.abs([1.0, 3.0, 2.0] - target).sum())
    found.backward()
    assert norms.grad.tolist() == [1.0, 1.0, -1.0]


def test_gradnorm_brings_weighed_gradients_to_one_length(rows):
    """With all tasks equally far on, weights are inverse to gradient norms, and sum to the number of tasks."""
    combine, (w,) = GradNorm(strength=0.0).weighing(rows, Context())
    optimiser = torch.optim.SGD([w], 0.01)
    for _ in range(500):
        optimiser.zero_grad()
        combine(Seen([1.0, 1.0, 1.0], [1.0, 2.0, 4.0])).backward()
        optimiser.step()
    expected = 3 * np.array([4, 2, 1]) / 7
    assert np.allclose(w.detach().numpy(), expected, atol=0.1)


def test_losses_that_fall_slowly_weigh_more():
    """K softmax(r / T), r the mean loss of the last epoch over the one before."""
    seen = [torch.tensor(pair) for pair in ([4.0, 4.0], [2.0, 4.0], [1.5, 2.0], [1.5, 4.0])]
    ratio = np.array([1.5 / 3.0, 3.0 / 4.0]) / 2.0
    expected = 2 * np.exp(ratio) / np.exp(ratio).sum()
    assert np.allclose(shares(seen, 2, 2.0).numpy(), expected)


def test_the_first_two_epochs_weigh_all_alike(rows):
    """45 rows a task, 32 of them in a step: an epoch is two steps."""
    combine, own = DynamicWeightAverage().weighing(rows, Context())
    assert own == []
    for _ in range(2):
        assert combine(Seen([1.0, 2.0, 3.0])).item() == 2.0
    for _ in range(2):
        assert combine(Seen([1.0, 1.0, 3.0])).item() == pytest.approx(5 / 3)
    weights = 3 * torch.softmax(torch.tensor([1.0, 0.5, 1.0]) / 2.0, 0)
    assert combine(Seen([3.0, 3.0, 3.0])).item() == pytest.approx(3.0 * weights.mean().item())
