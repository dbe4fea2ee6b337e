"""The operators as PyTorch sees them: gradients of any order, fakes, compilation, determinism, errors."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from autotransfer.kernels.lora import operators, reference

pytestmark = pytest.mark.usefixtures("compiled")
OPS = torch.ops.autotransfer
assert operators


def _values(case, p=0.3) -> tuple:
    """Arguments with gradients, and a function of them."""
    case = replace(case, p=p)
    wanted = [v.clone().requires_grad_() for v in (case.x, case.a, case.b, case.bias)]

    def run(x, a, b, bias) -> torch.Tensor:
        return OPS.lora_linear(x, case.weight, a, b, bias, *case.forward_arguments()[5:])[0]

    return run, wanted


CASES = [
    pytest.param((5, 7, 6, 2, ((0, 2), (3, 3))), 0.3, id="two groups, dropout"),
    pytest.param((4, 3, 5, 6, None), 0.0, id="rank above both widths"),
    pytest.param((3, 4, 5, 0, None), 0.2, id="rank 0"),
    pytest.param((0, 4, 5, 2, None), 0.2, id="no rows"),
    pytest.param((1, 9, 2, 1, None), 1.0, id="everything dropped"),
]


@pytest.mark.parametrize(("shape", "p"), CASES)
def test_gradients_are_those_of_differences(shape, p: float, build) -> None:
    """First order by the compiled backward, second by the reference; B is not zero, so that A's gradient is none."""
    run, wanted = _values(build(*shape), p)
    assert torch.autograd.gradcheck(run, wanted)
    assert torch.autograd.gradgradcheck(run, wanted)


def test_third_derivatives_exist(build) -> None:
    """The second order's formula is differentiable itself: d^3 / dx dA dB of a cubic in them is not zero."""
    run, (x, a, b, bias) = _values(build(4, 3, 5, 2), 0.2)
    (first,) = torch.autograd.grad(run(x, a, b, bias).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), a, create_graph=True)
    (third,) = torch.autograd.grad(second.sum(), b)
    y = reference.lora_linear(x, build(4, 3, 5, 2).weight, a, b, bias, torch.tensor(2**40 + 3), -0.7, 0.2, [0], [5])[0]
    (expected,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (expected,) = torch.autograd.grad(expected.square().sum(), a, create_graph=True)
    torch.testing.assert_close(third, torch.autograd.grad(expected.sum(), b)[0])
    assert third.abs().max() > 0


@pytest.mark.parametrize(("shape", "p"), CASES)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_opcheck(shape, p: float, dtype, build) -> None:
    """Schema (nothing is mutated, no results share memory), gradients' registration, fakes, dynamic shapes."""
    case = replace(build(*shape, dtype=dtype), p=p)
    x, weight, a, b, bias, *rest = case.forward_arguments()
    needs = [v.clone().requires_grad_() for v in (x, a, b, bias)]
    tolerance = {"atol": 5e-2, "rtol": 5e-2} if dtype == torch.bfloat16 else {}
    torch.library.opcheck(OPS.lora_linear.default, (needs[0], weight, needs[1], needs[2], needs[3], *rest), **tolerance)
    _, t = OPS.lora_linear(*case.forward_arguments())
    torch.library.opcheck(OPS.lora_linear_backward.default, case.backward_arguments(t), **tolerance)
    if p > 0:
        torch.library.opcheck(OPS.lora_keep_mask.default, (case.words, 5, 7, p))


@pytest.mark.parametrize("needs", [(False, True, True), (True, False, False), (False, False, False)])
def test_only_what_is_asked_for_gets_a_gradient(needs, build) -> None:
    """x of a first layer, frozen factors."""
    run, (x, a, b, bias) = _values(build(9, 7, 6, 2))
    x.requires_grad_(needs[0]), a.requires_grad_(needs[1]), b.requires_grad_(needs[2])
    run(x, a, b, bias).sum().backward()
    assert [v.grad is not None for v in (x, a, b, bias)] == [*needs, True]


def test_a_weight_that_wants_a_gradient_is_refused(build) -> None:
    """A gradient that is silently not there would be worse."""
    case = build(3, 4, 5, 2)
    weight = case.weight.clone().requires_grad_()
    with pytest.raises(ValueError, match=r"W\.requires_grad_"):
        OPS.lora_linear(case.x, weight, *case.forward_arguments()[2:])


def test_t_has_no_gradient(build) -> None:
    """It is there for the backward alone."""
    case = build(3, 4, 5, 2)
    y, t = OPS.lora_linear(case.x.requires_grad_(), *case.forward_arguments()[1:])
    assert y.requires_grad
    assert not t.requires_grad


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_the_same_bits_from_run_to_run(dtype, build) -> None:
    """Reductions in a fixed order: five runs are equal bit by bit."""
    case = build(500, 70, 60, 9, None, 0.1, dtype=dtype)
    first = _run(case)
    for _ in range(4):
        assert all(torch.equal(one, other) for one, other in zip(_run(case), first, strict=True))


def test_the_same_bits_for_any_number_of_threads(build, device: str) -> None:
    """What is summed here depends on the shapes alone; y and dx hold products by the BLAS, which may not."""
    if device != "cpu":
        pytest.skip("threads are the CPU's")
    case, before = build(500, 70, 60, 9, None, 0.1, dtype=torch.float32), torch.get_num_threads()
    results = []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(_run(case))
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        assert all(torch.equal(results[0][name], other[name]) for name in (1, 3, 4, 5))  # t, dA, dB, dbias


def _run(case) -> list[torch.Tensor]:
    y, t = OPS.lora_linear(*case.forward_arguments())
    return [y, t, *OPS.lora_linear_backward(*case.backward_arguments(t))]


def test_results_share_no_memory(build) -> None:
    """Not with each other, nor with an argument."""
    case = build(8, 8, 8, 1, None, 0.0, dtype=torch.float32)
    tensors = [case.x, case.weight, case.a, case.b, case.bias, case.grad, *_run(case)]
    places = [v.untyped_storage().data_ptr() for v in tensors]
    assert len(set(places)) == len(places)


WRONG = {
    "x of three dimensions": (lambda c: replace(c, x=c.x[None]), ValueError),
    "x too wide": (lambda c: replace(c, x=torch.cat([c.x, c.x], 1)), ValueError),
    "a too narrow": (lambda c: replace(c, a=c.a[:, 1:]), ValueError),
    "b of another rank": (lambda c: replace(c, b=c.b[:, 1:]), ValueError),
    "b too short": (lambda c: replace(c, b=c.b[1:]), ValueError),
    "bias too short": (lambda c: replace(c, bias=c.bias[1:]), ValueError),
    "bias a matrix": (lambda c: replace(c, bias=c.bias[None]), ValueError),
    "no group": (lambda c: replace(c, groups=()), ValueError),
    "a group outside": (lambda c: replace(c, groups=((1, 6),)), ValueError),
    "a group before": (lambda c: replace(c, groups=((-1, 6),)), ValueError),
    "p above 1": (lambda c: replace(c, p=1.5), ValueError),
    "p not a number": (lambda c: replace(c, p=torch.nan), ValueError),
    "weight of another type": (lambda c: replace(c, weight=c.weight.float()), TypeError),
    "a of another type": (lambda c: replace(c, a=c.a.float()), TypeError),
    "b of another type": (lambda c: replace(c, b=c.b.bfloat16()), TypeError),
    "bias of another type": (lambda c: replace(c, bias=c.bias.float()), TypeError),
    "whole numbers": (lambda c: replace(c, x=c.x.long(), weight=c.weight.long()), TypeError),
}


@pytest.mark.parametrize("name", WRONG)
def test_reference_fake_and_kernel_raise_the_same(name: str, build) -> None:
    """One line each; nothing is read out of bounds."""
    change, kind = WRONG[name]
    case = change(build(4, 7, 6, 2))
    for forward in (reference.lora_linear, OPS.lora_linear, operators.fake):
        with pytest.raises(kind, match=r"^lora_linear: [^\n]*"):
            forward(*case.forward_arguments())


def test_dropout_without_a_seed_is_refused(build) -> None:
    """By the reference and the kernel."""
    x, weight, a, b, bias, _, *rest = replace(build(4, 7, 6, 2), p=0.5).forward_arguments()
    for forward in (reference.lora_linear, OPS.lora_linear, operators.fake):
        with pytest.raises(ValueError, match="seed"):
            forward(x, weight, a, b, bias, None, *rest)


@pytest.mark.parametrize("name", ["short gradient", "narrow gradient", "other type", "short t", "other t"])
def test_the_backward_refuses_what_does_not_fit(name: str, build) -> None:
    """A wrong gradient or a wrong t."""
    case = build(4, 7, 6, 2)
    grad, t = case.grad, case.x.new_zeros(4, 2)
    wrong = {
        "short gradient": (grad[1:], t),
        "narrow gradient": (grad[:, 1:], t),
        "other type": (grad.float(), t),
        "short t": (grad, t[1:]),
        "other t": (grad, t.float()),
    }
    grad, t = wrong[name]
    for backward in (reference.lora_linear_backward, OPS.lora_linear_backward, operators.fake_backward):
        with pytest.raises(ValueError, match="lora_linear"):
            backward(grad, *case.backward_arguments(t)[1:])


def test_vmap_is_a_loop(build) -> None:
    """There is no batching rule: PyTorch's fallback calls the operator once for each."""
    case = build(4, 7, 6, 2)
    several = torch.stack([case.x, 2 * case.x, case.x - 1])

    def run(x) -> torch.Tensor:
        return OPS.lora_linear(x, *case.forward_arguments()[1:])[0]

    torch.testing.assert_close(torch.vmap(run)(several), torch.stack([run(x) for x in several]))
