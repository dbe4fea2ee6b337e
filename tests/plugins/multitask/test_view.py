"""The gradient of each task, from one backward pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_multitask.losses import TaskLosses
from autotransfer_multitask.rows import Scales
from autotransfer_multitask.view import View

from autotransfer.nets import MlpSpec, NetworkSpec
from autotransfer.nets.batches import Batch


@pytest.fixture
def view():
    """Two classes, a value and three classes, with 4, 3 and 1 rows; the third of four tasks has none."""
    torch.manual_seed(0)
    scales = Scales(np.array([2, 0, 5, 3]), np.zeros(4), np.ones(4))
    network = NetworkSpec(MlpSpec(5, (6, 7), norm="none"), int(scales.outputs.sum())).build()
    y = [torch.tensor([0.0, 1, 1, 0]), torch.tensor([0.3, -1, 2]), torch.tensor([2.0])]
    batch = Batch(tuple((torch.randn(len(part), 5), part) for part in y), 0, 0.0)
    return View.of(network, TaskLosses(scales, "cpu"), batch, [0, 1, 3])


def test_losses_are_those_of_torch(view):
    scores = view.network.score(view.z)
    entropy = torch.nn.functional.cross_entropy
    expected = [
        entropy(scores[:4, :2], view.y[:4].long()),
        (scores[4:7, 2] - view.y[4:7]).square().mean(),
        entropy(scores[7:, 8:], view.y[7:].long()),
    ]
    assert torch.allclose(view.losses, torch.stack(expected))


def test_the_jacobian_is_what_autograd_says_task_by_task(view):
    shared = list(view.network.backbone.parameters())
    rows = [torch.autograd.grad(loss, shared, retain_graph=True) for loss in view.losses]
    expected = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
    assert torch.allclose(view.jacobian, expected, atol=1e-6)
    assert torch.allclose(view.last_layer(), torch.stack([row[2].flatten() for row in rows]), atol=1e-6)


def test_combined_gradients_move_the_backbone_by_weights_and_each_head_by_its_own_loss(view):
    weights = torch.tensor([0.5, -1.0, 2.0])
    shared, head = list(view.network.backbone.parameters()), list(view.network.heads.parameters())
    found = torch.autograd.grad(view.combined(weights), [*shared, *head], retain_graph=True)
    backbone = torch.cat([part.flatten() for part in found[: len(shared)]])
    assert torch.allclose(backbone, weights @ view.jacobian, atol=1e-6)
    own = torch.autograd.grad(view.losses.sum(), head, retain_graph=True)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found[len(shared) :], own, strict=True))
