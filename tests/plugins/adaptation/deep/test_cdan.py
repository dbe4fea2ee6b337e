"""CDAN: what the domain classifier sees, what flows back from it, and its failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.cdan import Cdan
from autotransfer_adaptation.deep.method import Views

from autotransfer.errors import TrainingError
from autotransfer.nets.network import Outputs
from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context


@pytest.mark.parametrize(("width", "columns"), [(16, 32), (4096, 1024)])
def test_wide_products_are_drawn_at_random(turned, width: int, columns: int) -> None:
    """Up to 4,096 products are taken as they are."""
    task, source, _ = turned()
    method = Cdan(width=width)
    with reproducible(0, "cpu"):
        trainee = method.enlist(task, source, Context())
        method.penalty(trainee)
    assert trainee.modules[1][0].in_features == columns


@pytest.mark.parametrize("entropy", [True, False])
def test_the_adversary_sees_products_and_its_gradient_is_reversed(turned, entropy: bool) -> None:
    """At progress p the value is the (weighted) cross-entropy of the classifier on z_i p_k; the gradient for z is
    -weight (2 / (1 + exp(-10 p)) - 1) times that of the value."""
    task, source, _ = turned()
    method = Cdan(width=6, weight=0.5, entropy=entropy)
    trainee = method.enlist(task, source, Context())
    adversary, classifier = method.penalty(trainee), trainee.modules[1]
    z = [torch.randn(n, 6, requires_grad=True) for n in (9, 7)]
    scores = [torch.randn(len(part), 2) for part in z]
    found = adversary(Views(Outputs(z[0], scores[0]), Outputs(z[1], scores[1]), torch.zeros(9), 0.1))
    reversed_gradients = torch.autograd.grad(found, z)

    value = torch.zeros(())
    for sign, part, said in ((-1, z[0], scores[0]), (1, z[1], scores[1])):
        p = said.softmax(1)
        logits = classifier(torch.einsum("ni,nk->nik", part, p).flatten(1))[:, 0]
        weights = 1 + torch.exp((p * p.log()).sum(1)) if entropy else torch.ones(len(part))
        value = value + (torch.log1p(torch.exp(sign * logits)) * weights / weights.mean()).mean() / 2
    torch.testing.assert_close(found, value)
    strength = 0.5 * (2 / (1 + np.exp(-1.0)) - 1)
    for gradient, plain in zip(reversed_gradients, torch.autograd.grad(value, z), strict=True):
        torch.testing.assert_close(gradient, -strength * plain)


def test_one_class_for_the_whole_target_is_a_failure_with_its_reason(turned) -> None:
    task, source, _ = turned()
    same = replace(task, unlabeled=task.unlabeled.with_inputs(np.ones_like(task.unlabeled.X)))
    with pytest.raises(TrainingError, match="collapsed"):
        Cdan().fit(same, source, Context())
