"""The module around a linear layer: its formula, merging, training, saving."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from torch import nn

from autotransfer.kernels.lora.layer import LoraLinear

pytestmark = pytest.mark.usefixtures("compiled")


@pytest.fixture
def base(device: str) -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(12, 9, device=device)


def _trained(layer: LoraLinear) -> LoraLinear:
    """With a B that is not zero."""
    nn.init.normal_(layer.lora_B)
    return layer


def _delta(layer: LoraLinear) -> torch.Tensor:
    """alpha / rank · B A of a layer whose columns are one part."""
    return layer.alpha / layer.rank * layer.lora_B @ layer.lora_A


def test_starts_as_the_plain_layer(base) -> None:
    """B = 0; A uniform within ±1 / sqrt(K), its standard deviation 1 / sqrt(3 K)."""
    x = torch.randn(4, 12, device=base.weight.device)
    before = base(x)
    layer = LoraLinear(base, rank=4)
    torch.testing.assert_close(layer(x), before)
    assert layer.lora_A.abs().max() <= 1 / math.sqrt(12)
    wide = LoraLinear(nn.Linear(1000, 3), rank=64)
    assert float(wide.lora_A.detach().std()) == pytest.approx(1 / math.sqrt(3000), rel=0.02)


def test_equals_base_plus_scaled_product(base) -> None:
    """base(x) + alpha / rank · (x A^T) B^T, in training without dropout and for predictions."""
    layer = _trained(LoraLinear(base, rank=3, alpha=6.0))
    x = torch.randn(2, 5, 12, device=base.weight.device)
    expected = nn.functional.linear(x, base.weight + _delta(layer), base.bias)
    for mode in (True, False):
        torch.testing.assert_close(layer.train(mode)(x), expected)


def test_parts_leave_the_other_columns_alone(base) -> None:
    """Columns of no part are the frozen layer's, bit by bit in the merged weight."""
    layer = _trained(LoraLinear(base, rank=2, alpha=2.0, parts=[(6, 3), (0, 2)]))
    first, second = layer.lora_B[:3] @ layer.lora_A[:2], layer.lora_B[3:] @ layer.lora_A[2:]
    merged = layer.merge().weight
    torch.testing.assert_close(merged[6:], base.weight[6:] + first)
    torch.testing.assert_close(merged[:2], base.weight[:2] + second)
    assert torch.equal(merged[2:6], base.weight[2:6])


def test_only_the_factors_are_trained(base) -> None:
    """The bias too if it is given its gradient back."""
    layer = _trained(LoraLinear(base))
    assert {name for name, p in layer.named_parameters() if p.requires_grad} == {"lora_A", "lora_B"}
    base.bias.requires_grad_(True)
    layer(torch.randn(4, 12, device=base.weight.device)).sum().backward()
    assert base.weight.grad is None
    torch.testing.assert_close(base.bias.grad, torch.full_like(base.bias, 4.0))
    assert layer.lora_A.grad.abs().max() > 0


def test_a_few_steps_fit_a_low_rank_change(base) -> None:
    """Gradient descent on the factors finds a rank-1 change of the weight."""
    x = torch.randn(256, 12, device=base.weight.device)
    change = torch.outer(torch.randn(9), torch.randn(12)).to(x.device) / 4
    wanted = nn.functional.linear(x, base.weight + change, base.bias).detach()
    layer = LoraLinear(base, rank=2, alpha=4.0)
    optimiser = torch.optim.Adam([layer.lora_A, layer.lora_B], lr=0.02)
    losses = []
    for _ in range(200):
        optimiser.zero_grad()
        loss = (layer(x) - wanted).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 1e-3 * losses[0]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_merging_and_back_restores_every_bit(dtype, base) -> None:
    """W - (W + BA) + BA is not W in floating point; the frozen weight is never touched. Merging twice adds once."""
    layer = _trained(LoraLinear(base.to(dtype), rank=3))
    before, x = base.weight.clone(), torch.randn(5, 12, device=base.weight.device, dtype=dtype)
    y = layer(x)
    for _ in range(3):
        merged = layer.merge().merge()(x)
        tolerance = {"rtol": 0.05, "atol": 0.05} if dtype == torch.bfloat16 else {}
        torch.testing.assert_close(merged, y, **tolerance)
        assert layer.merged
        layer.unmerge()
        assert torch.equal(base.weight, before)
        assert torch.equal(layer(x), y)
    assert not layer.unmerge().merged


def test_training_unmerges(base) -> None:
    """A merged layer would train factors that it does not use."""
    layer = _trained(LoraLinear(base)).eval().merge()
    nn.Sequential(layer).train()
    assert not layer.merged


def test_a_merged_layer_saves_and_loads_as_an_unmerged_one(base) -> None:
    """No double count: the state never holds the merged weight, and loading drops it."""
    layer = _trained(LoraLinear(base))
    state = {name: value.clone() for name, value in layer.state_dict().items()}
    layer.merge()
    assert set(layer.state_dict()) == set(state) == {"base.weight", "base.bias", "lora_A", "lora_B"}
    assert all(torch.equal(value, state[name]) for name, value in layer.state_dict().items())
    other = _trained(LoraLinear(copy.deepcopy(base), rank=8)).merge()
    other.load_state_dict(state)
    x = torch.randn(3, 12, device=base.weight.device)
    assert not other.merged
    torch.testing.assert_close(other(x), layer(x))


def test_a_plain_layer_to_ship(base) -> None:
    """A copy with the weight in effect."""
    layer = _trained(LoraLinear(base))
    x = torch.randn(3, 12, device=base.weight.device)
    plain = layer.merged_linear()
    torch.testing.assert_close(plain(x), layer(x))
    with torch.no_grad():
        plain.weight.zero_()
        plain.bias.zero_()
    assert base.weight.abs().max() > 0
    assert base.bias.abs().max() > 0
    assert type(plain) is nn.Linear
    assert LoraLinear(nn.Linear(3, 2, bias=False)).merged_linear().bias is None


def test_the_weight_in_effect_trains_too(base) -> None:
    """Layers that read ``weight`` instead of calling: the same value, and gradients that reach the factors."""
    layer = _trained(LoraLinear(base, rank=3))
    x = torch.randn(4, 12, device=base.weight.device)
    one, other = layer(x), nn.functional.linear(x, layer.weight, layer.bias)
    torch.testing.assert_close(other, one)
    factors = (layer.lora_A, layer.lora_B)
    expected = torch.autograd.grad(one.sum(), factors)
    torch.testing.assert_close(torch.autograd.grad(other.sum(), factors), expected)


def test_dropout_in_training_alone(base) -> None:
    """On average y is what it is without dropout, and predictions repeat themselves."""
    layer = _trained(LoraLinear(base, dropout=0.5))
    x = torch.randn(1, 12, device=base.weight.device)
    draws = layer(x.expand(20000, -1))
    exact = layer.eval()(x)
    assert not torch.equal(draws[0], draws[1])
    error = (draws.mean(0) - exact[0]).abs() / (draws.std(0) / math.sqrt(20000))
    assert float(error.detach().max()) < 5
    assert torch.equal(layer(x), exact)


def test_narrow_layers_get_float32_factors(base) -> None:
    """Small steps would vanish in bfloat16; float64 stays float64."""
    assert LoraLinear(copy.deepcopy(base).bfloat16()).lora_A.dtype == torch.float32
    assert LoraLinear(copy.deepcopy(base).double()).lora_B.dtype == torch.float64
    layer = _trained(LoraLinear(base.bfloat16()))
    layer(torch.randn(3, 12, device=base.weight.device, dtype=torch.bfloat16)).sum().backward()
    assert layer.lora_A.grad.dtype == torch.float32


def test_moves_and_copies_with_its_model(base) -> None:
    """``to`` and ``deepcopy`` take the merged weight along."""
    layer = _trained(LoraLinear(base)).merge().double()
    twin = copy.deepcopy(layer)
    x = torch.randn(2, 12, device=base.weight.device, dtype=torch.float64)
    assert torch.equal(twin(x), layer(x))
    assert twin.unmerge()
    assert layer.merged


def test_compiles_whole(base) -> None:
    """Inside a model, forward and backward, without a graph break."""
    layer = _trained(LoraLinear(base, dropout=0.1)).eval()
    x = torch.randn(4, 12, device=base.weight.device)
    run = torch.compile(nn.Sequential(layer, nn.GELU()), fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(run(x), nn.functional.gelu(layer(x)))
    run(x).sum().backward()
    assert layer.lora_A.grad is not None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rank": 0}, "rank=0"),
        ({"alpha": 0.0}, "alpha=0"),
        ({"alpha": math.nan}, "alpha=nan"),
        ({"dropout": 1.5}, "dropout=1.5"),
        ({"parts": []}, "parts is empty"),
        ({"parts": [(0, 10)]}, "within 9 columns"),
        ({"parts": [(0, 4), (3, 2)]}, "apart"),
        ({"parts": [(0, 0)]}, "start, size"),
    ],
)
def test_refuses_settings_without_a_meaning(settings, words: str, base) -> None:
    """One line with what was given."""
    with pytest.raises(ValueError, match=words):
        LoraLinear(base, **settings)


def test_shows_its_settings(base) -> None:
    assert "rank=8, alpha=16, dropout=0, parts=((0, 9),), merged=False" in repr(LoraLinear(base))
