"""What each method adds to networks of three libraries: little, trained, and nothing else moves."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.adaptformer import AdaptFormer
from autotransfer_peft.bitfit import BitFit
from autotransfer_peft.conv_adapter import ConvAdapter
from autotransfer_peft.houlsby_adapter import HoulsbyAdapter
from autotransfer_peft.ia3 import Ia3
from autotransfer_peft.lora import Lora
from autotransfer_peft.method import PeftMethod
from autotransfer_peft.p_tuning_v2 import PTuningV2
from autotransfer_peft.pfeiffer_adapter import PfeifferAdapter
from autotransfer_peft.prefix_tuning import PrefixTuning
from autotransfer_peft.prompt_tuning import PromptTuning
from autotransfer_peft.qlora import Qlora
from autotransfer_peft.residual_adapter import ResidualAdapter
from autotransfer_peft.visual_prompt_tuning import VisualPromptTuning
from torch import Tensor, nn

FOR_TRANSFORMERS = [
    *(Lora(), Qlora(), BitFit(), Ia3()),
    *(HoulsbyAdapter(narrow=2), PfeifferAdapter(narrow=2), AdaptFormer(narrow=2)),
    *(PrefixTuning(length=3, inner=4), PTuningV2(length=3), PromptTuning(length=3)),
    *(VisualPromptTuning(length=3), VisualPromptTuning(length=3, deep=False)),
]
FOR_CONVOLUTIONS = [Lora(), BitFit(), ResidualAdapter(), ConvAdapter(squeeze=4)]
PASSED_BY = (PrefixTuning, PTuningV2, PromptTuning, VisualPromptTuning, Qlora)
"""What these add is seen from the start; QLoRA rounds weights."""


def _changed(network: nn.Module, method: PeftMethod) -> list[str]:
    torch.manual_seed(0)
    method.apply(network)
    return [name for name, parameter in network.named_parameters() if parameter.requires_grad]


def _step(network: nn.Module, rows: Tensor) -> None:
    """One step down a loss, in training mode."""
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(trained, lr=0.1)
    for _ in range(2):  # where one of two factors is zero, the other moves from the second step on
        optimiser.zero_grad()
        network.train()(rows).sin().sum().backward()
        optimiser.step()
    network.eval()


def _held(network: nn.Module) -> dict[str, Tensor]:
    """Copies of all parameters and buffers, each once."""
    return {name: value.detach().clone() for name, value in [*network.named_parameters(), *network.named_buffers()]}


def _check(network: nn.Module, rows: Tensor, method: PeftMethod) -> None:
    plain = network(rows)
    trained = _changed(network, method)
    assert trained
    if not isinstance(method, PASSED_BY):
        torch.testing.assert_close(network(rows), plain, atol=1e-2, rtol=1e-2)
    before, said = _held(network), network(rows)
    _step(network, rows)
    moved = {name for name, value in _held(network).items() if not torch.equal(value, before[name])}
    assert moved
    assert moved <= set(trained), "nothing but what is trained moves, statistics neither"
    assert not torch.equal(network(rows), said)


@pytest.mark.parametrize("method", FOR_TRANSFORMERS, ids=lambda method: method.name)
def test_transformers(transformer, method: PeftMethod) -> None:
    """AdaptFormer's small networks are modules of their own in vision transformers alone."""
    network, rows = transformer
    if isinstance(method, AdaptFormer) and rows.dtype == torch.int64:
        return
    _check(network, rows, method)


@pytest.mark.parametrize("method", FOR_CONVOLUTIONS, ids=lambda method: method.name)
def test_convolutional_networks(convolutional, images, method: PeftMethod) -> None:
    _check(convolutional, images, method)


def test_bitfit_trains_all_biases_and_nothing_else(transformer) -> None:
    network, _ = transformer
    names = [name for name, _ in network.named_parameters()]
    assert _changed(network, BitFit()) == [name for name in names if name.endswith("bias")]


def test_parameters_are_those_of_the_papers(vit) -> None:
    """Width d = 8, L = 2 layers, inside 4 d: LoRA 2 · r · 2 d L; Houlsby 2 L (2 d m + m + d); Pfeiffer half of it;
    (IA)³ L (2 d + 4 d); prefixes 2 L d p; deep prompts L d p, shallow ones d p."""
    expected = {
        Lora(rank=2): 2 * 2 * 16 * 2,
        HoulsbyAdapter(narrow=3): 2 * 2 * (2 * 8 * 3 + 3 + 8),
        PfeifferAdapter(narrow=3): 2 * (2 * 8 * 3 + 3 + 8),
        AdaptFormer(narrow=3): 2 * (2 * 8 * 3 + 3 + 8),
        Ia3(): 2 * 6 * 8,
        PTuningV2(length=5): 2 * 2 * 8 * 5,
        VisualPromptTuning(length=5): 2 * 8 * 5,
        VisualPromptTuning(length=5, deep=False): 8 * 5,
    }
    for method, count in expected.items():
        network = vit()
        names = set(_changed(network, method))
        assert sum(value.numel() for name, value in network.named_parameters() if name in names) == count, method


def test_lora_runs_on_the_fused_operator(vit, images, monkeypatch) -> None:
    """Each layer's attention calls it once forward and once backward."""
    from torch.utils._python_dispatch import TorchDispatchMode

    calls: list[str] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            calls.append(str(function))
            return function(*args, **(kwargs or {}))

    network = vit()
    _changed(network, Lora())
    with Watch():
        network.train()(images).sum().backward()
    assert calls.count("autotransfer.lora_linear.default") == 2
    assert calls.count("autotransfer.lora_linear_backward.default") == 2


def test_qlora_keeps_linear_layers_in_four_bits(vit) -> None:
    """No float matrix of a transformer layer is left but the factors."""
    network = vit()
    _changed(network, Qlora())
    kept = [name for name, value in network.named_parameters() if "layers" in name and value.ndim > 1]
    assert kept
    assert all("lora_" in name for name in kept)
