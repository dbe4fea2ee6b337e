"""Fitted: what is trained, what is saved, and that it is the same once loaded or merged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from autotransfer_peft.bitfit import BitFit
from autotransfer_peft.layers.merging import merge
from autotransfer_peft.layers.nf4 import Nf4
from autotransfer_peft.lora import Lora
from autotransfer_peft.method import PeftMethod
from autotransfer_peft.prefix_tuning import PrefixTuning
from autotransfer_peft.qlora import Qlora

from autotransfer.data import Modality
from autotransfer.footprint import Size
from autotransfer.state import load_state, save_state
from autotransfer.task import Context
from autotransfer.testing.problems import trainable
from autotransfer.tuning import TunedPredictor

PROBLEM = trainable(Modality.IMAGE)
METHODS = [Lora(epochs=2), Qlora(epochs=2), BitFit(epochs=2), PrefixTuning(epochs=2)]
EACH = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)


def _fitted(method: PeftMethod) -> TunedPredictor:
    found = method.fit(PROBLEM.task, PROBLEM.source, Context(seed=0))
    assert isinstance(found, TunedPredictor)
    return found


@EACH
def test_only_what_is_trained_is_saved(method: PeftMethod, tmp_path: Path) -> None:
    """By names and by bytes; the pretrained network is named, and none of its weights is there."""
    fitted = _fitted(method)
    network = PROBLEM.source.encoder.build()
    trained = {f"backbone.{name}" for name, _ in _applied(method, network)}
    assert set(fitted.arrays) == trained | {"head.weight", "head.bias"}
    assert fitted.trained_parameters == sum(array.size for array in fitted.arrays.values())
    assert fitted.trained_bytes == 4 * fitted.trained_parameters
    assert fitted.trained() == Size(fitted.trained_parameters, fitted.trained_bytes)
    save_state(tmp_path, fitted.state())
    kept = load_state(tmp_path)
    assert kept["encoder"]["name"] == "toy_images"
    assert (kept["change"]["name"], kept["change"]["params"]["epochs"]) == (method.name, 2)
    again = TunedPredictor.restore(kept)
    np.testing.assert_array_equal(again.predict(PROBLEM.test), fitted.predict(PROBLEM.test))


def _applied(method: PeftMethod, network: torch.nn.Module) -> list[tuple[str, torch.nn.Parameter]]:
    method.apply(network)
    return [(name, parameter) for name, parameter in network.named_parameters() if parameter.requires_grad]


def test_four_bits_take_less_room_and_are_as_many_weights() -> None:
    """Parameters: those of the pretrained network and all that was added. Bytes: 4 for each but for those that are kept
    in four bits."""
    plain, four_bits = (
        _fitted(method).learned() for method in (Lora(rank=4, everywhere=True, epochs=1), Qlora(epochs=1))
    )
    assert plain.parameters == four_bits.parameters
    network = PROBLEM.source.encoder.build()
    pretrained = sum(p.numel() for p in network.parameters())
    assert plain.parameters == pretrained + _fitted(Lora(rank=4, everywhere=True, epochs=1)).trained_parameters
    assert plain.bytes == 4 * plain.parameters
    weights = [module.weight for module in network[3].modules() if isinstance(module, torch.nn.Linear)]
    saved = sum(4 * weight.numel() - Nf4(weight).nbytes for weight in weights)
    assert saved > 0
    assert four_bits.bytes == plain.bytes - saved


def test_merged_and_unmerged_outputs_agree() -> None:
    fitted = _fitted(Lora(epochs=5))
    network, rows = fitted.network, PROBLEM.source.encoder.prepare(PROBLEM.test)
    before = network(rows).scores
    assert any("lora_A" in name for name, _ in network.named_parameters())
    merge(network)
    assert not any("lora_A" in name for name, _ in network.named_parameters())
    torch.testing.assert_close(network(rows).scores, before, atol=1e-4, rtol=1e-4)


def test_training_moves_more_than_the_head() -> None:
    """The update of LoRA, zero at first, is not zero afterwards."""
    arrays = _fitted(Lora(epochs=2)).arrays
    assert all(np.abs(array).max() > 0 for name, array in arrays.items() if name.endswith("lora_B"))
