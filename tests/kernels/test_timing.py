"""The times that ``autotransfer kernels bench`` prints."""

from __future__ import annotations

import pytest

from autotransfer.kernels.timing import against_reference

OPS = ["mmd2", "mmd2_gradient", "mmd_permutations", "lora_linear", "lora_linear_backward"]
pytestmark = pytest.mark.usefixtures("compiled")


def test_every_operator_is_timed(device: str) -> None:
    """On small samples; what is faster is left to the benchmark."""
    found = against_reference(device, 60, 4)
    assert [one.op for one in found] == OPS
    assert all(one.compiled > 0 and one.reference > 0 for one in found)
