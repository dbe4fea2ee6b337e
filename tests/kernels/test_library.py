"""The schemas: there without a binary, and named alike everywhere."""

from __future__ import annotations

import re

import pytest
import torch

from autotransfer.kernels.backend import prepare
from autotransfer.kernels.library import SCHEMAS, qualified
from autotransfer.kernels.sources import CSRC


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_operator_has_a_reference_and_a_fake(name: str) -> None:
    """So that it runs without a compiler, and under ``torch.compile``."""
    prepare("cpu")
    assert hasattr(torch.ops.autotransfer, name)
    for key in ("CompositeExplicitAutograd", "Meta"):
        assert torch._C._dispatch_has_kernel_for_dispatch_key(qualified(name), key)


def test_compiled_code_implements_operators_that_exist() -> None:
    """Every name that is registered in C++ has a schema."""
    text = "".join(path.read_text() for path in CSRC.rglob("*.cpp"))
    assert set(re.findall(r'm\.impl\("(\w+)"', text)) <= set(SCHEMAS)


def test_unknown_names() -> None:
    """Name what there is."""
    with pytest.raises(KeyError, match="no operator 'mmd3'"):
        qualified("mmd3")
