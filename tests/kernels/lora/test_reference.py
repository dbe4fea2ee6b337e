"""Reference and compiled kernels against loops over float64, for odd shapes, strides and types."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

SHAPES = [
    pytest.param((1, 1, 1, 1, None), id="one of each"),
    pytest.param((13, 37, 29, 3, None), id="odd"),
    pytest.param((70, 64, 48, 8, None), id="whole vectors"),
    pytest.param((300, 21, 70, 9, ((3, 20), (40, 29))), id="two groups, many chunks"),
    pytest.param((9, 12, 30, 5, ((20, 10), (0, 10), (10, 10))), id="three groups, not in order"),
    pytest.param((6, 10, 8, 2, ((1, 5), (3, 5))), id="groups that overlap"),
    pytest.param((4, 3, 5, 11, None), id="rank above both widths"),
    pytest.param((5, 7, 6, 0, None), id="rank 0"),
    pytest.param((0, 5, 4, 2, None), id="no rows"),
    pytest.param((4, 0, 3, 2, None), id="no inputs"),
    pytest.param((4, 3, 0, 2, None), id="no outputs"),
]
TOLERANCE = {torch.float64: 1e-13, torch.float32: 2e-6, torch.bfloat16: 2e-2, torch.float16: 3e-3}


def _agree(found, expected, dtype: torch.dtype) -> None:
    """Relative to the largest number of each result."""
    for name, one, other in zip(expected._fields, found, expected, strict=True):
        numbers = one.detach().cpu().double().numpy()
        assert numbers.shape == other.shape, name
        scale = np.abs(other).max(initial=1.0)
        np.testing.assert_allclose(numbers / scale, other / scale, atol=TOLERANCE[dtype], err_msg=name)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_the_loop(shape, p: float, build, layer, by_loop) -> None:
    """y = x W^T + bias + t B^T, t = c (mask ∘ x) A^T; u = c g B, dx = g W + mask ∘ (u A), dA = u^T (mask ∘ x),
    dB = g^T t, dbias = sum g, group by group, with c = scale / (1 - p), or 0 when everything is dropped."""
    case = build(*shape, p)
    _agree(layer(case), by_loop(case), torch.float64)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("wide_factors", [False, True])
@pytest.mark.parametrize("p", [0.0, 0.3])
def test_types(dtype, wide_factors: bool, p: float, build, layer, by_loop) -> None:
    """From the same rounded numbers; factors of a narrow layer may be float32, and get gradients in their own type."""
    case = build(53, 43, 38, 6, ((0, 19), (19, 19)), p, dtype=dtype, factors=torch.float32 if wide_factors else dtype)
    found = layer(case)
    _agree(found, by_loop(case), dtype)
    assert found.t.dtype == torch.float32
    assert [found.y.dtype, found.dx.dtype, found.dbias.dtype] == [dtype] * 3
    assert [found.da.dtype, found.db.dtype] == [case.a.dtype] * 2


def test_narrow_types_sum_in_float32(build, layer) -> None:
    """1000 times 1 / 256 is 3.90625 exactly; a sum in bfloat16 would stop at 1, where 1 / 256 is half a step."""
    case = build(3, 1000, 2, 1, None, 0.0, dtype=torch.bfloat16)
    case = replace(case, x=torch.full_like(case.x, 1 / 256), a=torch.ones_like(case.a), scale=1.0)
    torch.testing.assert_close(layer(case).t.cpu(), torch.full((3, 1), 1000 / 256))


STRIDES = {
    "transposed": lambda v: v.T.contiguous().T,
    "every second column": lambda v: torch.stack([v, torch.full_like(v, torch.nan)], dim=-1).flatten(-2)[..., ::2],
    "within wider rows": lambda v: torch.cat([torch.full_like(v, torch.nan), v], dim=-1)[..., v.shape[-1] :],
    "off by one element": lambda v: torch.cat([v.new_zeros(1), v.flatten()])[1:].view(v.shape),
    "backwards rows": lambda v: v.flip(0).contiguous().flip(0),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", STRIDES)
def test_strides_do_not_matter(name: str, dtype, build, layer, by_loop) -> None:
    """Every argument laid out otherwise, with NaN between its elements."""
    case = build(19, 35, 26, 5, None, 0.2, dtype=dtype)
    moved = {key: STRIDES[name](getattr(case, key)) for key in ("x", "weight", "a", "b", "grad")}
    _agree(layer(replace(case, **moved)), by_loop(case), dtype)


def test_expanded_rows_and_gradients(build, layer, by_loop) -> None:
    """Stride 0, as ``y.sum()`` makes it."""
    case = build(19, 35, 26, 5, None, 0.2)
    case = replace(case, x=case.x[:1].expand(19, -1), grad=case.grad[:1, :1].expand(19, 26))
    _agree(layer(case), by_loop(case), torch.float64)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_a_bad_row_spoils_itself_alone(value: float, build, layer) -> None:
    """Its outputs are not finite, and the factors' gradients neither; other rows are what they were."""
    case = build(20, 37, 29, 3)
    clean, x = layer(case), case.x.clone()
    x[7, 36] = value
    spoiled, others = layer(replace(case, x=x)), torch.arange(20) != 7
    assert not torch.isfinite(spoiled.y[7]).any()
    assert not torch.isfinite(spoiled.t[7]).any()
    assert not torch.isfinite(spoiled.da[:, 36]).any()
    torch.testing.assert_close(spoiled.y[others], clean.y[others])
    torch.testing.assert_close(spoiled.da[:, :36], clean.da[:, :36])
    torch.testing.assert_close(spoiled.dx, clean.dx)


def test_an_infinity_in_the_last_lane_stays_one(build, layer) -> None:
    """Nothing beyond the end of a row takes part: inf · 0 would be NaN there."""
    case = build(9, 37, 29, 3)
    x = case.x.clone()
    x[:, 36] = torch.inf
    found = layer(replace(case, x=x, a=case.a.abs(), scale=1.0))
    assert torch.isposinf(found.t).all()


def test_what_is_dropped_counts_as_zero_even_if_infinite(build, layer, mask_by_loop) -> None:
    """The low-rank branch does not see it; the frozen one does."""
    case = build(30, 16, 8, 2, None, 0.5)
    dropped = torch.from_numpy(~mask_by_loop(case.seed, 30, 16, 0.5)).to(case.x.device)
    found = layer(replace(case, x=case.x.masked_fill(dropped, torch.inf)))
    torch.testing.assert_close(found.t, layer(case).t)
    assert torch.isfinite(found.da).all()


def test_forward_and_backward_drop_the_same(build, layer, mask_by_loop) -> None:
    """With A = B = I and W = 0: y = mask ∘ x / (1 - p) and dx = mask ∘ g / (1 - p)."""
    case = build(40, 24, 24, 24, None, 0.25, dtype=torch.float32)
    eye, ones = torch.eye(24, device=case.x.device), torch.ones_like(case.x)
    zero = {"weight": torch.zeros_like(case.weight), "bias": torch.zeros_like(case.bias)}
    found = layer(replace(case, x=ones, grad=ones, a=eye, b=eye, scale=0.75, **zero))
    mask = torch.from_numpy(mask_by_loop(case.seed, 40, 24, 0.25)).to(case.x.device, torch.float32)
    assert torch.equal(found.y, mask)
    assert torch.equal(found.dx, mask)


def test_what_is_not_needed_is_empty_and_the_rest_unchanged(build, compiled) -> None:
    """need_input, need_adapter, need_bias: each alone gives what it gives together with the others."""
    from autotransfer.kernels.lora import operators, reference

    assert operators
    case = build(21, 10, 12, 3, None, 0.1)
    for module in (reference, torch.ops.autotransfer):
        _, t = module.lora_linear(*case.forward_arguments())
        arguments = case.backward_arguments(t)
        every = module.lora_linear_backward(*arguments)
        for needs in ((True, False, False), (False, True, False), (False, False, True), (False, False, False)):
            got = module.lora_linear_backward(*arguments[:-3], *needs)
            for one, all_of_it, wanted in zip(got, every, (needs[0], needs[1], needs[1], needs[2]), strict=True):
                torch.testing.assert_close(one, all_of_it if wanted else all_of_it[:0])
