"""The CUDA kernels without a GPU: run thread by thread on the CPU against float64, and compiled without spills."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from autotransfer.kernels.lora.dropout import cutoff_of, keep_mask
from autotransfer.kernels.sources import CSRC, command_of

SOURCE = CSRC / "cuda" / "lora.cu"
ARCHITECTURES = ("80", "90a")
MAX_REGISTERS = 255


class Factor(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("row", ctypes.c_int64), ("column", ctypes.c_int64))


class Rows(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("stride", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("columns", ctypes.c_int64),
    )


class Dropout(ctypes.Structure):
    _fields_ = (("seed", ctypes.c_void_p), ("cutoff", ctypes.c_uint32))


def _factor(tensor: torch.Tensor) -> Factor:
    return Factor(tensor.data_ptr(), *tensor.stride())


def _rows(tensor: torch.Tensor) -> Rows:
    assert tensor.stride(1) == 1
    return Rows(tensor.data_ptr(), tensor.stride(0), *tensor.shape)


def _dropout(seed: torch.Tensor, p: float) -> Dropout:
    return Dropout(seed.data_ptr() if p else None, cutoff_of(p) if p else 0)


SHAPES = [(1, 1, 1), (70, 41, 3), (64, 256, 8), (35, 130, 13), (20, 72, 16), (17, 300, 24), (90, 40, 40), (5, 24, 64)]
"""Rows, columns, rank: every number of tiles; a width of 8 and more are read and written 16 bytes at once."""


@pytest.mark.parametrize("p", [0.0, 0.4])
@pytest.mark.parametrize(("rows", "columns", "rank"), SHAPES)
def test_shrink(rows: int, columns: int, rank: int, p: float, emulated) -> None:
    """factor · (mask ∘ x) a^T; a is read by any strides, x by any row stride."""
    torch.manual_seed(rows)
    x, seed = torch.randn(rows, columns + 8).bfloat16()[:, :columns], torch.tensor(77)
    mask = keep_mask(seed, rows, columns, p) if p else torch.ones(rows, columns, dtype=torch.bool)
    for a in (torch.randn(rank, columns), torch.randn(columns, rank).T):
        out = torch.full((rows, rank), torch.nan)
        error = emulated.at_lora_shrink(
            _rows(x), _factor(a), rank, ctypes.c_float(-1.5), _dropout(seed, p), ctypes.c_void_p(out.data_ptr()), None
        )
        assert error == 0
        _close(out, -1.5 * (mask * x.double()) @ a.double().T, 1e-4)


@pytest.mark.parametrize("p", [0.0, 0.4])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(("rows", "columns", "rank"), [*SHAPES, (3, 9, 0)])
def test_expand(rows: int, columns: int, rank: int, biased: bool, p: float, emulated) -> None:
    """mask ∘ (t b^T) + bias, rounded to bfloat16 once."""
    torch.manual_seed(rows)
    t, bias, seed = torch.randn(rows, rank), torch.randn(columns).bfloat16(), torch.tensor(-5)
    mask = keep_mask(seed, rows, columns, p) if p else torch.ones(rows, columns, dtype=torch.bool)
    for b in (torch.randn(columns, rank), torch.randn(rank, columns).T):
        out = torch.full((rows, columns), torch.nan).bfloat16()
        pointers = [ctypes.c_void_p(v.data_ptr()) for v in (t, bias, out)]
        sizes = (ctypes.c_int64(rows), ctypes.c_int64(columns))
        error = emulated.at_lora_expand(
            pointers[0], _factor(b), rank, *sizes, pointers[1] if biased else None, _dropout(seed, p), pointers[2], None
        )
        assert error == 0
        expected = mask * (t.double() @ b.double().T) + (bias.double() if biased else 0.0)
        _close(out, expected, 5e-3)


@pytest.mark.parametrize("p", [0.0, 0.4])
@pytest.mark.parametrize(("rows", "columns", "rank"), [*SHAPES, (700, 9, 5), (0, 9, 3)])
def test_outer(rows: int, columns: int, rank: int, p: float, emulated) -> None:
    """t^T (mask ∘ x), stored as it is or transposed, by partial sums whose number depends on the rows alone."""
    torch.manual_seed(rows)
    x, t, seed = torch.randn(rows, columns).bfloat16(), torch.randn(rows, rank), torch.tensor(2**40)
    mask = keep_mask(seed, rows, columns, p) if p else torch.ones(rows, columns, dtype=torch.bool)
    parts = emulated.at_lora_parts(ctypes.c_int64(rows))
    expected = t.double().T @ (mask * x.double())
    for transposed in (False, True):
        partial = torch.full((parts, rank, columns), torch.nan)
        out = torch.full((columns, rank) if transposed else (rank, columns), torch.nan)
        view = out.T if transposed else out
        pointers = [ctypes.c_void_p(v.data_ptr()) for v in (t, partial, out)]
        strides = [ctypes.c_int64(stride) for stride in view.stride()]
        error = emulated.at_lora_outer(
            _rows(x), pointers[0], rank, _dropout(seed, p), pointers[1], pointers[2], *strides, None
        )
        assert error == 0
        _close(view, expected, 1e-4)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_what_is_not_finite_arrives_as_it_is(value: float, emulated) -> None:
    """In x and in a factor: splitting a number in two parts must not make inf - inf of an infinity."""
    x, a, seed = torch.ones(3, 20).bfloat16(), torch.full((2, 20), 1.1), torch.tensor(0)
    x[1, 19], a[1, 3] = value, value
    out = torch.zeros(3, 2)
    emulated.at_lora_shrink(
        _rows(x), _factor(a), 2, ctypes.c_float(1.0), _dropout(seed, 0.0), ctypes.c_void_p(out.data_ptr()), None
    )
    torch.testing.assert_close(out, (x.double() @ a.double().T).float(), equal_nan=True, rtol=1e-4, atol=0)


def _close(found: torch.Tensor, expected: torch.Tensor, tolerance: float) -> None:
    scale = float(expected.abs().max()) if expected.numel() else 1.0
    np.testing.assert_allclose(found.double() / max(scale, 1e-30), expected / max(scale, 1e-30), atol=tolerance)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_compiles_without_spills(architecture: str, tmp_path: Path) -> None:
    """nvcc keeps every kernel's numbers in registers, for GPUs of the generations 8.0 and 9.0."""
    nvcc = shutil.which(command_of("nvcc"))
    if nvcc is None:
        pytest.skip("nvcc is not installed")
    target = f"arch=compute_{architecture},code=sm_{architecture}"
    options = ["-c", "-O3", "-std=c++17", "-Xcompiler", "-fPIC", "-Xptxas", "-v", "-gencode", target]
    done = subprocess.run(
        [nvcc, *options, str(SOURCE), "-o", str(tmp_path / "lora.o")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    spills = re.findall(r"(\d+) bytes spill stores, (\d+) bytes spill loads", done.stderr)
    registers = [int(n) for n in re.findall(r"Used (\d+) registers", done.stderr)]
    assert len(spills) == len(registers) >= 4
    assert set(spills) == {("0", "0")}, done.stderr
    assert max(registers) <= MAX_REGISTERS
