"""Counts of steps, and what reaches the optimiser."""

from __future__ import annotations

import pytest
import torch

from autotransfer.nets import Annealed, Plan
from autotransfer.nets.plan import Group


@pytest.mark.parametrize(("rows", "epoch", "steps"), [(1, 1, 10), (64, 1, 10), (65, 2, 20), (6400, 100, 500)])
def test_steps_adapt_to_the_rows_up_to_a_limit(rows: int, epoch: int, steps: int) -> None:
    plan = Plan(epochs=10, batch=64, most_steps=500)
    assert plan.steps_per_epoch(rows) == epoch
    assert plan.steps(rows) == steps


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_groups_have_rates_and_decays_of_their_own(optimiser: str) -> None:
    """Rate = plan's rate * group's factor * schedule; decay is the plan's unless given."""
    plan = Plan(rate=0.1, decay=0.01, optimiser=optimiser, schedule=Annealed(1.0, 1.0))
    parameters = [torch.nn.Parameter(torch.zeros(2)) for _ in range(2)]
    made = plan.optimise([Group(parameters[:1]), Group(parameters[1:], rate=0.5, decay=0.0)])
    plan.set_rate(made, 1.0)
    assert [group["lr"] for group in made.param_groups] == pytest.approx([0.05, 0.025])
    assert [group["weight_decay"] for group in made.param_groups] == [0.01, 0.0]


def test_an_unknown_optimiser_is_refused() -> None:
    with pytest.raises(ValueError, match="one of adam, sgd"):
        Plan(optimiser="newton").optimise([])
