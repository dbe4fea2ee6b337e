"""Networks as plain data: shapes, and the way to JSON and back."""

from __future__ import annotations

import json

import pytest
import torch

from autotransfer.config import from_json, to_json
from autotransfer.errors import InputError
from autotransfer.nets import BlocksSpec, ConvSpec, MlpSpec, NetworkSpec
from autotransfer.nets.network import Network, Outputs
from autotransfer.nets.specs import NORMS

SPECS = {
    "mlp": NetworkSpec(MlpSpec(7, (9, 5)), 3),
    "conv": NetworkSpec(ConvSpec(1, 28, width=6), 4),
    "conv in colour, odd size": NetworkSpec(ConvSpec(3, 13, (4, 8, 8), 6), 2),
    "pooled": NetworkSpec(ConvSpec(1, 28, (4, 8), 6, pooled=True), 2),
    "mlp without batch normalisation": NetworkSpec(MlpSpec(7, (9, 5), norm="none"), 3),
    "conv without batch normalisation": NetworkSpec(ConvSpec(1, 8, (4,), 6, norm="none"), 2),
    "layer norm": NetworkSpec(MlpSpec(7, (9, 5), "layer"), 3),
    "blocks": NetworkSpec(BlocksSpec(1, 28, 4), 3),
    "blocks in colour, layer norm": NetworkSpec(BlocksSpec(3, 19, 4, depth=2, norm="layer"), 3),
    "heads": NetworkSpec(MlpSpec(7, (5,)), 3, heads=4, hidden=6),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_rows_become_representations_and_scores(spec: NetworkSpec) -> None:
    """(n, d) to (n, width) and (n, outputs)."""
    backbone = spec.backbone
    d = backbone.inputs if isinstance(backbone, MlpSpec) else backbone.channels * backbone.size**2
    z, scores = spec.build()(torch.zeros(5, d))
    assert z.shape == (5, backbone.width)
    assert scores.shape == (5, spec.outputs)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_specs_survive_json(spec: NetworkSpec) -> None:
    """``from_json(to_json(spec)) == spec`` through real text."""
    assert from_json(NetworkSpec, json.loads(json.dumps(to_json(spec)))) == spec


@pytest.mark.parametrize("name", [name for name in SPECS if "without" in name])
def test_without_batch_normalisation_a_row_does_not_depend_on_the_others(name: str) -> None:
    """In training mode: scores of a row alone and among others are equal."""
    network = SPECS[name].build()
    X = torch.randn(5, 7 if "mlp" in name else 64)
    torch.testing.assert_close(network(X).scores[:1], network(X[:1]).scores)


def test_an_unknown_kind_of_backbone_is_refused() -> None:
    """The names in a saved model are looked up in a closed list."""
    hostile = to_json(SPECS["mlp"]) | {"backbone": {"kind": "os.system"}}
    with pytest.raises(InputError, match=r"no kind 'os\.system'"):
        from_json(NetworkSpec, hostile)


def test_several_heads_say_the_mean_of_their_scores() -> None:
    """score(z) = mean over the heads of head(z)."""
    network = SPECS["heads"].build().eval()
    z = torch.randn(6, 5)
    torch.testing.assert_close(network.score(z), sum(head(z) for head in network.heads) / 4)


def test_a_batch_of_several_parts_is_split_in_order() -> None:
    """Outputs.split is the inverse of putting batches together."""
    network = Network(torch.nn.Identity(), [torch.nn.Linear(3, 2)])
    X = torch.randn(5, 3)
    found = network(X).split([2, 3])
    assert [type(part) for part in found] == [Outputs, Outputs]
    torch.testing.assert_close(found[1].scores, network(X[2:]).scores)
    torch.testing.assert_close(found[0].z, X[:2])


def test_without_heads_the_scores_are_the_representation() -> None:
    network = NetworkSpec(MlpSpec(7, (5,)), 5, heads=0).build()
    z, scores = network(torch.randn(4, 7))
    assert torch.equal(z, scores)


@pytest.mark.parametrize(
    "backbone", [MlpSpec(16, (5,), norm) for norm in NORMS[1:]] + [BlocksSpec(1, 4, 3, 2, norm) for norm in NORMS[1:]]
)
def test_all_norms_but_the_batchs_see_a_row_alone(backbone: MlpSpec | BlocksSpec) -> None:
    """In training mode too, what is said of a row does not depend on the others."""
    module = backbone.build().train()
    X = torch.randn(6, 16)
    torch.testing.assert_close(module(X)[:2], module(X[:2]), rtol=1e-4, atol=1e-5)


def test_blocks_are_those_of_the_paper() -> None:
    """28 pixels end in 64 columns after four blocks of 64 planes, each with its normalisation."""
    spec = BlocksSpec(1, 28)
    assert spec.width == 64
    count = sum(parameter.numel() for parameter in spec.build().parameters())
    assert count == (9 * 64 + 64) + 3 * (9 * 64 * 64 + 64) + 4 * 2 * 64


@pytest.mark.parametrize("backbone", [MlpSpec(4, (2,), "x"), BlocksSpec(1, 28, norm="x")])
def test_an_unknown_norm_is_refused(backbone: MlpSpec | BlocksSpec) -> None:
    with pytest.raises(ValueError, match="norm is one of batch, layer, none, not 'x'"):
        backbone.build()
