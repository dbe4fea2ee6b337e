"""The operators' registrations, by PyTorch's own checks, and the kernels for each instruction set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from autotransfer.kernels.mmd import reference

pytestmark = pytest.mark.usefixtures("compiled")

WIDTHS = torch.tensor([8.0, 4.0, 2.0], dtype=torch.float64)


def _cases(x, y):
    weights = torch.rand(len(x), 2, dtype=torch.float64), torch.rand(len(y), 2, dtype=torch.float64)
    ones = torch.ones_like(WIDTHS)
    members = (torch.rand(len(x), 7) > 0.5).byte()
    return {
        "mmd2": [(x, y, WIDTHS, True, None, None), (x, y, WIDTHS, False, *weights)],
        "mmd2_gradient": [(x, y, WIDTHS, ones, True, None, None), (x, y, WIDTHS, ones, False, *weights)],
        "mmd2_curvature": [(x, y, WIDTHS, ones, True, None, None, torch.ones_like(x), torch.ones_like(y))],
        "mmd_permutations": [(x.detach(), members, WIDTHS)],
    }


@pytest.mark.parametrize("op", ["mmd2", "mmd2_gradient", "mmd2_curvature", "mmd_permutations"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_opcheck(samples, op, dtype) -> None:
    """Schema, fake results and the way through ``torch.compile`` with symbolic shapes."""
    x, y = (sample.requires_grad_() for sample in samples(13, 9, 4, dtype))
    for arguments in _cases(x, y)[op]:
        checks = ["test_schema", "test_autograd_registration", "test_faketensor"]
        # A third derivative is refused, so there is no backward of the curvature to trace.
        checks += [] if op == "mmd2_curvature" else ["test_aot_dispatch_dynamic"]
        torch.library.opcheck(getattr(torch.ops.autotransfer, op).default, arguments, test_utils=checks)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_compiled_and_reference_agree(samples, dtype) -> None:
    """Every result of every operator that has both."""
    x, y = samples(150, 210, 12, dtype)
    tolerance = 1e-10 if dtype == torch.float64 else 1e-4
    functions = {"mmd2": reference.values, "mmd2_gradient": reference.gradient, "mmd_permutations": reference.splits}
    for op, function in functions.items():
        for arguments in _cases(x, y)[op]:
            found, expected = getattr(torch.ops.autotransfer, op)(*arguments), function(*arguments)
            pairs = zip(found, expected, strict=True) if isinstance(found, tuple) else [(found, expected)]
            for one, other in pairs:
                assert one.dtype == other.dtype
                torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance * float(other.abs().max()))


@pytest.mark.parametrize("isa", ["baseline", "avx2"])
def test_every_instruction_set(isa: str, device: str, compiled: Path, tmp_path: Path) -> None:
    """The kernels for older processors give what the best one's do: every result, in both types."""
    if device != "cpu":
        pytest.skip("instruction sets are the CPU's")
    program = f"""
import sys, torch
import autotransfer.kernels.library
torch.ops.load_library({str(compiled)!r})
torch.manual_seed(0)
out = []
for dtype in (torch.float32, torch.float64):
    x, y = torch.randn(211, 19, dtype=dtype), torch.randn(150, 19, dtype=dtype) + 0.3
    weights = torch.rand(211, 2, dtype=torch.float64), torch.rand(150, 2, dtype=torch.float64)
    for widths in (torch.tensor([40.0, 20.0, 5.0]).double(), torch.tensor([40.0, 17.0]).double()):
        ops = torch.ops.autotransfer
        for pair in ((None, None), weights):
            out.append(ops.mmd2(x, y, widths, True, *pair))
            out += ops.mmd2_gradient(x, y, widths, torch.ones_like(widths), False, *pair)
        out.append(ops.mmd_permutations(x, (torch.rand(211, 140) > 0.5).byte(), widths) / 211**2)
torch.save(out, sys.argv[1])
"""
    results = []
    for name in (isa, ""):
        file = tmp_path / f"results{name}.pt"
        environment = {**os.environ, "AUTOTRANSFER_KERNELS_ISA": name}
        subprocess.run([sys.executable, "-c", program, str(file)], env=environment, check=True)
        results.append(torch.load(file, weights_only=True))
    for position, (one, other) in enumerate(zip(*results, strict=True)):
        tolerance = 2e-5 if 2 * position < len(results[0]) else 1e-11  # float32 comes first
        torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance * float(other.abs().max()))
