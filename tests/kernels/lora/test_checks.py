"""Groups of output columns: which rows and columns of the factors are theirs."""

from __future__ import annotations

import pytest
import torch

from autotransfer.kernels.lora.checks import check_layer, wide_type


def test_groups_divide_the_factors_in_their_order() -> None:
    """Rows of B follow the sizes, rows of A the rank; columns of y follow the starts."""
    groups = check_layer(torch.empty(2, 5), torch.empty(9, 5), torch.empty(6, 5), torch.empty(7, 3), [6, 0], [3, 4])
    assert [groups.outputs(g) for g in (0, 1)] == [slice(6, 9), slice(0, 4)]
    assert [groups.rows_of_b(g) for g in (0, 1)] == [slice(0, 3), slice(3, 7)]
    assert [groups.coefficients(g) for g in (0, 1)] == [slice(0, 3), slice(3, 6)]


@pytest.mark.parametrize(
    ("dtype", "wide"),
    [
        (torch.float64, torch.float64),
        (torch.float32, torch.float32),
        (torch.bfloat16, torch.float32),
        (torch.float16, torch.float32),
    ],
)
def test_sums_are_at_least_float32(dtype, wide) -> None:
    assert wide_type(torch.empty(0, dtype=dtype)) == wide


def test_other_types_are_named() -> None:
    with pytest.raises(TypeError, match="not int64"):
        wide_type(torch.empty(0, dtype=torch.int64))
