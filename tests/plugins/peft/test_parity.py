"""The layers against PEFT (https://github.com/huggingface/peft): equal outputs for copied weights on a tiny BERT."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from autotransfer_peft.layers.prefix import Prefix, prefixed
from autotransfer_peft.layers.scaled import ScaledLinear
from autotransfer_peft.layers.transformers import Place, transformer_layers
from torch import Tensor, nn

from autotransfer.kernels import LoraLinear

peft = pytest.importorskip("peft", reason="the oracle is PEFT: pip install peft")

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
"""PEFT calls transformers by names that are on their way out."""


@pytest.fixture
def rows() -> Tensor:
    rows = torch.randint(1, 20, (3, 6))
    rows[1, 4:] = 0
    return rows


def _theirs(network: nn.Module, config: Any) -> nn.Module:
    """A copy of the network as PEFT changes it, with random numbers in what is trained."""
    other = copy.deepcopy(network)
    other.network = peft.get_peft_model(other.network, config)
    for parameter in other.parameters():
        if parameter.requires_grad:
            nn.init.normal_(parameter, 0.5, 0.5)
    return other.eval()


def _their_layers(network: nn.Module, other: nn.Module, kind: str) -> list[tuple[Place, nn.Module]]:
    """Our places, each with the layer that PEFT has put there."""
    changed = {name: m for name, m in other.network.base_model.model.named_modules() if hasattr(m, kind)}
    parts = [(name.rpartition("."), layer) for name, layer in changed.items()]
    return [(Place(network.network.get_submodule(owner), last), layer) for (owner, _, last), layer in parts]


@pytest.mark.parametrize("stabilised", [False, True])
def test_lora(bert_network, rows, stabilised: bool) -> None:
    """Rank 2 and alpha 4 on query and value: scale 4 / 2, or 4 / sqrt(2)."""
    config = peft.LoraConfig(r=2, lora_alpha=4, target_modules=["query", "value"], use_rslora=stabilised)
    network = bert_network
    other, plain = _theirs(network, config), network(rows)
    changed = _their_layers(network, other, "lora_A")
    assert len(changed) == 4
    for place, theirs in changed:
        ours = LoraLinear(place.layer, 2, 4.0 * 2**0.5 if stabilised else 4.0)
        ours.lora_A.data.copy_(theirs.lora_A["default"].weight)
        ours.lora_B.data.copy_(theirs.lora_B["default"].weight)
        place.put(ours)
    _equal(network, other, rows, plain)


def test_ia3(bert_network, rows) -> None:
    """Keys, values and what enters the last layer of the small network."""
    last = r".*layer\.\d\.output\.dense"
    config = peft.IA3Config(target_modules=rf".*(key|value)|{last}", feedforward_modules=last)
    network = bert_network
    other, plain = _theirs(network, config), network(rows)
    changed = _their_layers(network, other, "ia3_l")
    assert len(changed) == 6
    for place, theirs in changed:
        of_input = place.name == "dense"
        size = place.layer.in_features if of_input else place.layer.out_features
        ours = ScaledLinear(place.layer, 0, size, of_input=of_input)
        ours.factor.data.copy_(theirs.ia3_l["default"].flatten())
        place.put(ours)
    _equal(network, other, rows, plain)


def test_prefix(bert_network, rows) -> None:
    """Three keys and values a layer. PEFT moves the positions of words by them, so positions are left blank here."""
    network = bert_network
    nn.init.zeros_(network.network.embeddings.position_embeddings.weight)
    plain = network(rows)
    config = peft.PrefixTuningConfig(num_virtual_tokens=3, task_type="FEATURE_EXTRACTION")
    other = _theirs(network, config)
    table = other.network.prompt_encoder["default"].embedding.weight.view(3, 2, 2, 8)
    for index, parts in enumerate(transformer_layers(network)):
        prefix = Prefix(3, 8, 2)
        prefix.values.data.copy_(table[:, index].transpose(0, 1))
        prefixed(parts, prefix)
    _equal(network, other, rows, plain)


def _equal(network: nn.Module, other: nn.Module, rows: Tensor, plain: Tensor) -> None:
    torch.testing.assert_close(network(rows), other(rows), atol=1e-5, rtol=1e-4)
    assert not torch.allclose(network(rows), plain, atol=1e-3)
