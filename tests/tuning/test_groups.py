"""Every moving parameter in exactly one group, at its block's rate; vectors without decay."""

from __future__ import annotations

from collections.abc import Callable

from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning
from autotransfer.tuning.groups import grouped


def test_blocks_have_their_rates_and_beginnings(problem: ToyProblem, begin: Callable[..., Tuning]) -> None:
    tuning = begin(problem)
    groups = grouped(tuning, 7.0, rates=[0.25, 0.5], since=[0.4, 0.2])
    of = {id(parameter): group for group in groups for parameter in group.parameters}
    assert len(of) == sum(len(group.parameters) for group in groups)
    for name, parameter in tuning.network.named_parameters():
        block = 0 if name.removeprefix("backbone.") in tuning.blocks[0] else 1
        head = name.startswith("head.")
        group = of.pop(id(parameter))
        assert group.rate == (7.0 if head else (0.25, 0.5)[block])
        assert group.since == (0.0 if head else (0.4, 0.2)[block])
        assert group.decay == (None if parameter.ndim > 1 else 0.0)
    assert not of


def test_frozen_parameters_are_in_no_group(problem: ToyProblem, begin: Callable[..., Tuning]) -> None:
    tuning = begin(problem)
    tuning.freeze(tuning.blocks[0])
    moving = {id(parameter) for group in grouped(tuning, 1.0) for parameter in group.parameters}
    assert moving == {id(parameter) for parameter in tuning.network.parameters() if parameter.requires_grad}
