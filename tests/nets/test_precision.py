"""Mixed precision: what is computed in half, that it learns, and what the loss scale is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch, Rows
from autotransfer.nets.network import Network
from autotransfer.nets.plan import Group
from autotransfer.nets.precision import TYPES, Precision
from autotransfer.nets.training import Turn, train
from autotransfer.task import Context


@pytest.mark.parametrize("name", sorted(TYPES))
def test_products_are_computed_in_that_precision_and_it_learns(
    rows: Rows, make: Callable[[], Network], name: str
) -> None:
    network, seen = make(), set()

    def loss(batch: Batch) -> Tensor:
        X, y = batch.parts[0]
        scores = network(X).scores
        seen.add(scores.dtype)
        return functional.cross_entropy(scores, y)

    plan = Plan(epochs=20, rate=1e-2, precision=name, clip=1.0)
    train(network, [Turn(loss, [Group(list(network.parameters()))])], [rows], plan, Context())
    assert seen == {TYPES[name] or torch.float32}
    assert {parameter.dtype for parameter in network.parameters()} == {torch.float32}
    with torch.no_grad():
        assert float((network(rows[0]).scores.argmax(1) == rows[1]).float().mean()) > 0.95


def test_the_scale_is_taken_back_before_the_update() -> None:
    """One step of SGD on w * x by hand: the update is -rate * gradient, whatever the scale was."""
    weight = nn.Parameter(torch.tensor([2.0]))
    optimiser, precision = torch.optim.SGD([weight], lr=0.5), Precision("float16", "cpu")
    precision.scaled((3.0 * weight).sum()).backward()
    assert float(weight.grad) > 3.0
    precision.step(optimiser, [weight], None)
    assert float(weight.detach()) == pytest.approx(2.0 - 0.5 * 3.0)


def test_gradients_below_half_precisions_range_survive_by_scaling() -> None:
    """2e-8 is less than half of the smallest float16 (5.96e-8): unscaled it is 0."""
    found = []
    for scaled in (False, True):
        weight = nn.Parameter(torch.ones(1))
        loss = (weight.half() * 1.0).float().sum() * 2e-8
        (Precision("float16", "cpu").scaled(loss) if scaled else loss).backward()
        found.append(float(weight.grad) != 0.0)
    assert found == [False, True]


def test_steps_with_gradients_that_are_not_finite_are_left_out() -> None:
    weight = nn.Parameter(torch.ones(1))
    optimiser, precision = torch.optim.SGD([weight], lr=0.5), Precision("float16", "cpu")
    precision.scaled((weight * torch.inf).sum()).backward()
    precision.step(optimiser, [weight], 1.0)
    assert float(weight.detach()) == 1.0


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="one of float32, bfloat16, float16"):
        Precision("float8", "cpu")
