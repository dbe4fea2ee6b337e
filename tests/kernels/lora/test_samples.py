"""Sample calls are calls of the operators."""

from __future__ import annotations

import pytest
import torch

from autotransfer.kernels.lora import operators
from autotransfer.kernels.lora.samples import REFERENCES, arguments_of

assert operators


@pytest.mark.parametrize("op", REFERENCES)
def test_operator_and_reference_take_the_same_call(op: str, device: str) -> None:
    """And give results of the same shapes and types."""
    arguments = arguments_of(op, 12, 5, torch.float32, device)
    found, expected = getattr(torch.ops.autotransfer, op)(*arguments), REFERENCES[op](*arguments)
    pairs = [(found, expected)] if torch.is_tensor(found) else zip(found, expected, strict=True)
    for one, other in pairs:
        torch.testing.assert_close(one, other)
