from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest


@pytest.mark.skipif(importlib.util.find_spec("torchvision") is None, reason="torchvision is not installed")
def test_torchvision_imports_in_a_fresh_process() -> None:
    """Whatever builds of torch and torchvision stand side by side, transforms work afterwards, called once or twice."""
    code = """
from autotransfer._compat import ensure_torchvision
assert ensure_torchvision() == ensure_torchvision() != "absent"
import torch
from torchvision.transforms.v2.functional import horizontal_flip
print(horizontal_flip(torch.arange(3).reshape(1, 1, 3)).flatten().tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[2, 1, 0]", done.stderr
