"""The device under test (``TEST_DEVICE``, default ``cpu``), and the kernels compiled for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from autotransfer.kernels import building
from autotransfer.kernels.backend import Mode, prepare
from autotransfer.kernels.sources import RECIPES


@pytest.fixture(scope="session")
def device() -> str:
    """``cpu`` or ``cuda``."""
    return os.environ.get("TEST_DEVICE", "cpu")


@pytest.fixture(scope="session")
def compiled(device: str, _own_cache: None) -> Path:
    """The library of the compiled kernels, loaded into this process. Built once a machine, in the user's own cache."""
    if RECIPES[device].compiler() is None:
        pytest.skip(f"no compiler for {device} is installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AUTOTRANSFER_CACHE")
        patch.setenv("AUTOTRANSFER_KERNELS", Mode.REQUIRE)
        prepare(device)
        library = building.cached(device)
    assert library is not None
    assert torch._C._dispatch_has_kernel_for_dispatch_key("autotransfer::mmd2", device.upper())
    return library
