"""What is packed comes back; what does not fit together is refused."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_distillation.packing import packed, parameters_in, unpacked
from autotransfer_distillation.quantiser import dequantised, quantised

from autotransfer.errors import InputError
from autotransfer.footprint import size_of


def sparse(share: float, shape: tuple[int, ...] = (6, 4, 5)) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=shape) * (rng.random(shape) >= share)).astype(np.float32)


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("int8", [False, True])
def test_a_weight_comes_back(share: float, int8: bool) -> None:
    """Exactly, or as its eight bits say."""
    array = sparse(share)
    state = packed(array, int8=int8)
    expected = dequantised(quantised(array)) if int8 else array
    np.testing.assert_array_equal(unpacked(state), expected)
    assert unpacked(state).dtype == np.float32
    assert parameters_in(state) == np.count_nonzero(expected)


def test_bytes_are_those_of_values_mask_and_scales() -> None:
    """120 places: a bit each, four bytes or one a value that is kept, four a channel."""
    array = sparse(0.7)
    kept = np.count_nonzero(array)
    assert size_of(packed(array, int8=False)).bytes == 4 * kept + 15
    rounded = np.count_nonzero(quantised(array).values)
    assert size_of(packed(array, int8=True)).bytes == rounded + 15 + 4 * 6


def test_vectors_stay_as_they_are() -> None:
    vector = np.array([0.0, 1.5], np.float32)
    assert unpacked(packed(vector, int8=True)) is vector
    assert parameters_in(packed(vector, int8=True)) == 2


@pytest.mark.parametrize("change", [{"shape": [10**9, 10**9]}, {"shape": [6, 4, 4]}, {"shape": [-6, 4, -5]}])
@pytest.mark.parametrize("share", [0.0, 0.7])
def test_a_shape_that_lies_is_refused(change: dict[str, object], share: float) -> None:
    """Before any memory is taken for it."""
    state = packed(sparse(share), int8=False)
    if change["shape"] != [-6, 4, -5]:
        with pytest.raises(InputError, match="save"):
            unpacked({**state, **change})
    else:
        with pytest.raises((InputError, ValueError)):
            unpacked({**state, **change})
