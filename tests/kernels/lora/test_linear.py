"""The public functions: shapes, seeds, autocast, compilation, checkpointing, and the formula of the PEFT library."""

from __future__ import annotations

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from autotransfer.kernels.lora.dropout import keep_mask
from autotransfer.kernels.lora.linear import as_seed, lora_linear, lora_linear_grouped

pytestmark = pytest.mark.usefixtures("compiled")


@pytest.fixture
def tensors(device: str) -> list[torch.Tensor]:
    """x (3, 5, 12), W (9, 12), A (4, 12), B (9, 4), bias (9); float32."""
    torch.manual_seed(0)
    return [torch.randn(shape, device=device) for shape in ((3, 5, 12), (9, 12), (4, 12), (9, 4), (9,))]


def peft(x, W, A, B, scale, bias, *, mask=None, p=0.0) -> torch.Tensor:
    """base(x) + lora_B(lora_A(dropout(x))) * scaling, as PEFT's Linear.forward has it; the mask is given."""
    linear = torch.nn.functional.linear
    dropped = x if mask is None else x * mask / (1 - p)
    return linear(x, W, bias) + linear(linear(dropped, A), B) * scale


@pytest.mark.parametrize("lead", [(), (1,), (0,), (4,), (2, 3), (2, 0, 3), (2, 3, 1, 2)], ids=str)
@pytest.mark.parametrize("p", [0.0, 0.4])
def test_leading_dimensions_and_pefts_formula(lead, p: float, tensors, device: str) -> None:
    """(..., K) to (..., N), rows counted in their order; values and gradients are autograd's through the formula."""
    _, W, A, B, bias = tensors
    x = torch.randn(*lead, 12, device=device)
    mask = keep_mask(as_seed(5, torch.device(device)), x.numel() // 12, 12, p).reshape(x.shape).float() if p else None
    arguments = [v.clone().requires_grad_() for v in (x, A, B, bias)]
    again = [v.clone().requires_grad_() for v in (x, A, B, bias)]
    found = lora_linear(arguments[0], W, arguments[1], arguments[2], 1.5, arguments[3], p, seed=5)
    expected = peft(again[0], W, again[1], again[2], 1.5, again[3], mask=mask, p=p)
    torch.testing.assert_close(found, expected)
    weights = torch.randn_like(expected)
    grads = torch.autograd.grad(found, arguments, weights)
    torch.testing.assert_close(grads, torch.autograd.grad(expected, again, weights), rtol=1e-4, atol=1e-5)


def test_groups_equal_separate_layers(tensors) -> None:
    """Query, key and value in one pass: columns of a group are those of a layer of its own, others the frozen ones."""
    x, _, A, _, _ = tensors
    W, B, bias = torch.randn(12, 12), torch.randn(8, 2), torch.randn(12)
    found = lora_linear_grouped(x, W, A, B, ((0, 4), (8, 4)), 2.0, bias, 0.3, seed=9)
    parts = [
        lora_linear(x, W[:4], A[:2], B[:4], 2.0, bias[:4], 0.3, seed=9),
        torch.nn.functional.linear(x, W[4:8], bias[4:8]),
        lora_linear(x, W[8:], A[2:], B[4:], 2.0, bias[8:], 0.3, seed=9),
    ]
    torch.testing.assert_close(found, torch.cat(parts, dim=-1))


def test_negative_and_zero_scale(tensors) -> None:
    """Linear in the scale; 0 is the frozen layer."""
    x, W, A, B, bias = tensors
    frozen = torch.nn.functional.linear(x, W, bias)
    torch.testing.assert_close(lora_linear(x, W, A, B, 0.0, bias), frozen)
    up, down = lora_linear(x, W, A, B, 1.25, bias), lora_linear(x, W, A, B, -1.25, bias)
    torch.testing.assert_close((up + down) / 2, frozen)


def test_a_zero_b_gives_a_no_gradient(tensors) -> None:
    """At the start, where B = 0: dA = 0 and dB is not."""
    x, W, A, B, bias = tensors
    A, B = A.requires_grad_(), torch.zeros_like(B).requires_grad_()
    lora_linear(x, W, A, B, 1.0, bias).square().sum().backward()
    assert (A.grad == 0).all()
    assert B.grad.abs().max() > 0


def test_a_frozen_weight_is_demanded(tensors) -> None:
    """Even without dropout, rows, or a gradient of anything else."""
    x, W, A, B, _ = tensors
    with pytest.raises(ValueError, match=r"W\.requires_grad_"):
        lora_linear(x, W.requires_grad_(), A, B)


def test_x_must_have_a_dimension(tensors) -> None:
    """A number is no row."""
    with pytest.raises(ValueError, match="not a number"):
        lora_linear(torch.tensor(1.0), *tensors[1:4])


def test_a_seed_is_drawn_from_pytorchs_generator(tensors) -> None:
    """Fresh every time; the same after the same manual_seed, and the generator is left alone without dropout."""
    x, W, A, B, _ = tensors
    torch.manual_seed(1)
    first, second = lora_linear(x, W, A, B, dropout_p=0.5), lora_linear(x, W, A, B, dropout_p=0.5)
    torch.manual_seed(1)
    assert torch.equal(lora_linear(x, W, A, B, dropout_p=0.5), first)
    assert not torch.equal(first, second)
    state = torch.get_rng_state()
    lora_linear(x, W, A, B)
    assert torch.equal(torch.get_rng_state(), state)


def test_seeds_of_every_form() -> None:
    """int64 as it is, larger numbers modulo 2^64, a tensor of one number; others are refused."""
    cpu = torch.device("cpu")
    assert [int(as_seed(s, cpu)) for s in (-1, 2**64 - 1, 2**63, -(2**63))] == [-1, -1, -(2**63), -(2**63)]
    assert as_seed(torch.tensor([7]), cpu).shape == ()
    for wrong in (torch.tensor([1, 2]), torch.tensor(1.0)):
        with pytest.raises(ValueError, match="seed"):
            as_seed(wrong, cpu)


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointing_draws_the_same_mask_again(reentrant: bool, tensors) -> None:
    """The forward is run twice there; gradients are those without it."""
    x, W, A, B, bias = tensors
    x, A = x.requires_grad_(), A.requires_grad_()

    def run(x) -> torch.Tensor:
        return lora_linear(x, W, A, B, 1.0, bias, 0.5).square()

    torch.manual_seed(3)
    plain = torch.autograd.grad(run(x).sum(), (x, A), retain_graph=False)
    torch.manual_seed(3)
    y = checkpoint(run, x, use_reentrant=reentrant)
    x.grad = A.grad = None
    y.sum().backward()
    assert torch.equal(x.grad, plain[0])
    assert torch.equal(A.grad, plain[1])


def test_autocast_is_that_of_a_linear_layer(tensors, device: str) -> None:
    """x, W and bias in bfloat16, the factors as they are; gradients in the types of what they belong to."""
    x, W, A, B, bias = tensors
    leaves = [v.requires_grad_() for v in (x, A, B, bias)]
    with torch.autocast(device, torch.bfloat16):
        found = lora_linear(x, W, A, B, 1.0, bias, 0.3, seed=1)
    narrow = [v.detach().bfloat16() for v in (x, W, bias)]
    expected = lora_linear(narrow[0], narrow[1], A, B, 1.0, narrow[2], 0.3, seed=1)
    assert found.dtype == torch.bfloat16
    assert torch.equal(found, expected)
    found.float().sum().backward()
    assert all(leaf.grad.dtype == torch.float32 and leaf.grad.abs().max() > 0 for leaf in leaves)


def test_the_backward_may_run_under_autocast(tensors, device: str) -> None:
    """Nothing inside is converted a second time."""
    x, W, A, B, bias = tensors
    (plain,) = torch.autograd.grad(lora_linear(x, W, A.requires_grad_(), B, 1.0, bias).sum(), A)
    y = lora_linear(x, W, A, B, 1.0, bias)
    with torch.autocast(device, torch.bfloat16):
        (found,) = torch.autograd.grad(y.sum(), A)
    assert torch.equal(found, plain)


def test_float64_stays_under_autocast(tensors, device: str) -> None:
    """As everywhere in PyTorch."""
    wide = [v.double() for v in tensors]
    with torch.autocast(device, torch.bfloat16):
        assert lora_linear(*wide[:4], 1.0, wide[4]).dtype == torch.float64


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning")  # inductor's own
@pytest.mark.parametrize("backend", ["aot_eager", pytest.param("inductor", marks=pytest.mark.slow)])
def test_compiles_without_a_graph_break(backend: str, tensors) -> None:
    """``fullgraph=True``, forward and backward, with dropout and without; a second batch size too."""
    _, W, A, B, bias = tensors
    A, B = A.requires_grad_(), B.requires_grad_()

    def run(x, p: float) -> torch.Tensor:
        return lora_linear(x, W, A, B, 0.5, bias, p, seed=4).relu()

    compiled = torch.compile(run, fullgraph=True, backend=backend)
    for rows, p in ((5, 0.0), (8, 0.0), (8, 0.3)):
        x = torch.randn(rows, 12, device=W.device, requires_grad=True)
        one, other = run(x, p), compiled(x, p)
        torch.testing.assert_close(other, one)
        grads = torch.autograd.grad(one.sum(), (x, A, B)), torch.autograd.grad(other.sum(), (x, A, B))
        torch.testing.assert_close(grads[1], grads[0])


def test_compiled_code_draws_fresh_masks(tensors) -> None:
    """A seed that was a constant of the graph would drop the same elements forever."""
    x, W, A, B, _ = tensors
    run = torch.compile(lambda x: lora_linear(x, W, A, B, dropout_p=0.5), fullgraph=True, backend="aot_eager")
    assert not torch.equal(run(x), run(x))


def test_scaled_gradients_with_infinities_pass(tensors) -> None:
    """What a GradScaler looks for: an overflow arrives as inf or NaN in every gradient that it reaches."""
    x, W, A, B, bias = tensors
    leaves = [v.requires_grad_() for v in (x, A, B, bias)]
    y = lora_linear(x, W, A, B, 1.0, bias)
    for grad in torch.autograd.grad(y, leaves, torch.full_like(y, torch.inf)):
        assert not torch.isfinite(grad).any()
