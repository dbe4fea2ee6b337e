"""One line for each wrong argument: which it is, what was given, and the rule."""

from __future__ import annotations

import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.kernels.mmd.arguments import as_bandwidths, check_samples

CPU = torch.device("cpu")
X, Y = torch.zeros(5, 3), torch.zeros(4, 3)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (X[:1], Y, "x has 1 rows; it needs 2 or more"),
        (X, Y[:0], "y has 0 rows; it needs 2 or more"),
        (X, Y[:, :2], "x has 3 features and y 2"),
        (X[0], Y, r"x is \(3,\) of torch.float32; it must be \(rows, features\)"),
        (X.long(), Y, "x is .* of torch.int64; it must be"),
        (X, Y.double(), ".*convert one to the other's"),
    ],
)
def test_samples(x: torch.Tensor, y: torch.Tensor, words: str) -> None:
    with pytest.raises(InputError, match=f"who: {words}"):
        check_samples("who", x, y, 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([1.0, 0.0], r"bandwidths are \[1.0, 0.0\]; they must be positive"),
        ([-2.0], "positive"),
        ([float("nan")], "positive"),
        ([float("inf")], "positive"),
        ([], "there are 0 bandwidths; give 1 to 64"),
        (torch.ones(65), "there are 65 bandwidths"),
    ],
)
def test_bandwidths(given: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        as_bandwidths("who", given, CPU)


def test_bandwidths_become_a_list_of_float64() -> None:
    """Of a list, a number in a tensor, and a tensor with a gradient, which ends here."""
    for given in ([2.0, 4.0], (2, 4), torch.tensor([2.0, 4.0], requires_grad=True)):
        found = as_bandwidths("who", given, CPU)
        assert found.dtype == torch.float64
        assert found.tolist() == [2.0, 4.0]
        assert not found.requires_grad
    assert as_bandwidths("who", torch.tensor(3), CPU).tolist() == [3.0]
