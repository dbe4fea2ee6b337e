"""The composition that GPUs use, with its parts by their reference: the layer's results, at any device."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import pytest
import torch

from autotransfer.kernels.lora import operators, reference, tails

assert operators


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((13, 37, 29, 3, None), id="odd"),
        pytest.param((30, 21, 70, 9, ((3, 20), (40, 29))), id="two groups"),
        pytest.param((6, 10, 8, 2, ((1, 5), (3, 5))), id="groups that overlap"),
        pytest.param((5, 7, 6, 0, None), id="rank 0"),
        pytest.param((0, 5, 4, 2, None), id="no rows"),
        pytest.param((4, 90, 8, 65, None), id="more ranks than the kernels take"),
    ],
)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32], ids=str)
def test_composed_of_its_parts_it_is_the_layer(shape, p: float, dtype, build, by_loop) -> None:
    """For what the kernels take, and for what they leave to the reference."""
    case = build(*shape, p, dtype=dtype)
    y, t = tails.lora_linear(*case.forward_arguments())
    found = (y, t, *tails.lora_linear_backward(*case.backward_arguments(t)))
    tolerance = 2e-2 if dtype == torch.bfloat16 else 1e-5
    for name, one, other in zip(by_loop(case)._fields, found, by_loop(case), strict=True):
        scale = max(abs(other).max(initial=0.0), 1.0)
        expected = torch.from_numpy(other / scale)
        torch.testing.assert_close(one.cpu().double() / scale, expected, atol=tolerance, rtol=0, msg=name)


@pytest.mark.parametrize("needs", [(True, False, False), (False, True, False), (False, False, True)])
def test_what_is_not_needed_has_the_shapes_of_the_reference(needs, build) -> None:
    """So that the operator's fake is right for both."""
    case = build(9, 7, 6, 2, dtype=torch.bfloat16)
    _, t = tails.lora_linear(*case.forward_arguments())
    arguments = (*case.backward_arguments(t)[:-3], *needs)
    found, expected = tails.lora_linear_backward(*arguments), reference.lora_linear_backward(*arguments)
    assert [v.shape for v in found] == [v.shape for v in expected]


def test_raises_what_the_reference_raises(build) -> None:
    case = replace(build(9, 7, 6, 2, dtype=torch.bfloat16), groups=((1, 6),))
    with pytest.raises(ValueError, match="outside"):
        tails.lora_linear(*case.forward_arguments())


def test_takes_no_place_where_there_are_no_kernels_for_the_parts() -> None:
    """The CPU has a whole kernel of its own, and other devices the reference."""
    assert not tails.compose_on("cpu")
    assert not tails.compose_on("xpu")


def test_room_for_partial_sums_is_what_the_library_makes(emulated: ctypes.CDLL) -> None:
    """Both sides count alike."""
    for rows in (0, 1, 255, 256, 700, 1024, 10**6):
        assert emulated.at_lora_parts(ctypes.c_int64(rows)) == tails.parts_of(rows)


def test_opcheck_of_the_parts() -> None:
    """They write where they say, and nowhere else."""
    ops, seed = torch.ops.autotransfer, torch.tensor(1)
    x, a, t = torch.randn(6, 5).bfloat16(), torch.randn(3, 5), torch.randn(6, 3)
    torch.library.opcheck(ops.lora_shrink.default, (x, a, seed, 0.5, 0.2, torch.empty(6, 3)))
    torch.library.opcheck(ops.lora_expand.default, (t, a.T.contiguous(), None, seed, 0.2, torch.empty(6, 5).bfloat16()))
    torch.library.opcheck(ops.lora_outer.default, (x, t, seed, 0.2, torch.empty(4, 3, 5), torch.empty(3, 5)))
