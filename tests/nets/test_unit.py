"""Rows of length 1, and the specs that end in them."""

from __future__ import annotations

import torch

from autotransfer.nets import ConvSpec, MlpSpec
from autotransfer.nets.specs import UnitSpec
from autotransfer.nets.unit import Unit


def test_rows_have_length_one_and_zeros_stay() -> None:
    rows = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    assert Unit()(rows).tolist() == [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]


def test_rows_pass_a_network_and_a_map_where_there_are_some() -> None:
    """(n, inputs) to rows of length 1 and of the stated width."""
    specs = {UnitSpec(12): 12, UnitSpec(12, 5): 5, UnitSpec(12, 0, MlpSpec(12, (7,))): 7}
    specs |= {UnitSpec(48, 6, ConvSpec(3, 4, width=9)): 6}
    for spec, width in specs.items():
        assert spec.width == width
        found = spec.build()(torch.randn(4, spec.inputs)).detach()
        assert found.shape == (4, width)
        torch.testing.assert_close(found.norm(dim=1), torch.ones(4))


def test_the_map_is_linear() -> None:
    network, rows = UnitSpec(5, 3).build(), torch.randn(6, 5)
    expected = rows @ network[1].weight.T
    torch.testing.assert_close(network(rows), expected / expected.norm(dim=1, keepdim=True))
