"""MMD on GPUs without a GPU: the composition with the tiles' reference, the kernels thread by thread on the CPU."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from autotransfer.kernels.backend import prepare
from autotransfer.kernels.mmd import reference, tiles
from autotransfer.kernels.sources import CSRC, RECIPES, command_of

WIDTHS = torch.tensor([16.0, 4.0, 8.0, 3.0, 1.5, 64.0, 40.0, 20.0, 10.0, 5.0], dtype=torch.float64)
"""Some are halves and quarters of others, some are not; more than one pass sums."""


@pytest.fixture(autouse=True)
def _operators() -> None:
    prepare("cpu")


class Kernels(ctypes.Structure):
    _fields_ = (("rates", ctypes.c_void_p), ("steps", ctypes.c_void_p), ("terms", ctypes.c_int))


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The kernels, compiled by the C++ compiler with ``emulated_cuda.h``."""
    if RECIPES["cpu"].compiler() is None:
        pytest.skip("no C++ compiler is installed")
    library = tmp_path_factory.mktemp("emulated") / "mmd.so"
    emulator = Path(__file__).parents[1] / "lora"
    options = ["-x", "c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-I", str(emulator)]
    compiler = str(shutil.which(command_of("c++")))
    subprocess.run([compiler, *options, str(CSRC / "cuda" / "mmd.cu"), "-o", str(library)], check=True)
    found = ctypes.CDLL(str(library))
    found.at_mmd_tiles.restype = ctypes.c_int64
    return found


def _pointers(*tensors: torch.Tensor) -> list[ctypes.c_void_p]:
    return [ctypes.c_void_p(tensor.data_ptr()) for tensor in tensors]


def _kernels(scene: tiles._Scene) -> Kernels:
    return Kernels(scene.rates.data_ptr(), scene.steps.data_ptr(), len(scene.rates))


SHAPES = [(1, 1, 1), (3, 5, 2), (128, 130, 16), (200, 300, 21), (257, 64, 33), (40, 129, 0)]


@pytest.mark.parametrize(("n", "m", "d"), SHAPES)
def test_sums_of_the_kernel(n: int, m: int, d: int, emulated: ctypes.CDLL) -> None:
    """Of x, of y and across, over all tiles: what the reference sums."""
    torch.manual_seed(n)
    scene = tiles._Scene(torch.randn(n + m, d), WIDTHS)
    counts = tiles._tiles(n, m)
    assert emulated.at_mmd_tiles(ctypes.c_int64(n), ctypes.c_int64(m)) == sum(counts)
    found, expected = (torch.full((sum(counts), len(WIDTHS)), torch.nan, dtype=torch.float64) for _ in range(2))
    sizes = [ctypes.c_int64(size) for size in (n, m, d)]
    error = emulated.at_mmd_sums(*_pointers(scene.z, scene.norms), *sizes, _kernels(scene), *_pointers(found), None)
    assert error == 0
    torch.ops.autotransfer.mmd_tile_sums(scene.z, scene.norms, scene.rates, scene.steps, n, expected)
    for one, other in zip(found.split(counts), expected.split(counts), strict=True):
        torch.testing.assert_close(one.sum(0), other.sum(0), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize(("first", "count", "d"), [(0, 5, 3), (100, 157, 20), (3, 1, 16)])
def test_mixed_kernels_of_the_kernel(first: int, count: int, d: int, emulated: ctypes.CDLL) -> None:
    """Of some rows with all: every entry is the reference's, a row with itself is 0."""
    torch.manual_seed(count)
    rows = max(first + count, 9)
    scene = tiles._Scene(torch.randn(rows, d), WIDTHS)
    coefficients = torch.randn(len(WIDTHS))
    found, expected = (torch.full((count, rows), torch.nan) for _ in range(2))
    sizes = [ctypes.c_int64(size) for size in (rows, d, first, count)]
    pointers = _pointers(scene.z, scene.norms), _pointers(coefficients, found)
    assert emulated.at_mmd_mixed(*pointers[0], *sizes, _kernels(scene), *pointers[1], None) == 0
    arguments = (scene.z, scene.norms, scene.rates, scene.steps, coefficients, first, expected)
    torch.ops.autotransfer.mmd_tile_mixed(*arguments)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    assert (found[range(count), range(first, first + count)] == 0).all()


def test_what_is_not_finite_is_seen(emulated: ctypes.CDLL) -> None:
    """NaN in a row: in each of its pairs, and in no other."""
    scene = tiles._Scene(torch.randn(30, 4), WIDTHS)
    scene.z[7, 2] = torch.nan
    scene.norms[7] = torch.nan
    found = torch.zeros(30, 30)
    sizes = [ctypes.c_int64(size) for size in (30, 4, 0, 30)]
    pointers = _pointers(scene.z, scene.norms), _pointers(torch.ones(len(WIDTHS)), found)
    assert emulated.at_mmd_mixed(*pointers[0], *sizes, _kernels(scene), *pointers[1], None) == 0
    expected = torch.zeros(30, 30, dtype=torch.bool)
    expected[7], expected[:, 7], expected[7, 7] = True, True, False
    assert torch.equal(found.isnan(), expected)


@pytest.mark.parametrize("unbiased", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_the_composition(samples, unbiased: bool, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values, gradients and splits are the reference's, in several chunks too."""
    monkeypatch.setattr(tiles, "_CHUNK_NUMBERS", 130 * 333)
    x, y = samples(201, 132, 7, dtype)
    exact = x.double(), y.double()
    ones, members = torch.linspace(1, 2, len(WIDTHS)).double(), (torch.rand(201, 9) > 0.5).byte()
    found = tiles.values(x, y, WIDTHS, unbiased, None, None)
    torch.testing.assert_close(
        found.double(), reference.values(*exact, WIDTHS, unbiased, None, None), rtol=1e-5, atol=1e-7
    )
    total, *grads = tiles.gradient(x, y, WIDTHS, ones, unbiased, None, None)
    expected, *others = reference.gradient(*exact, WIDTHS, ones, unbiased, None, None)
    assert total.item() == pytest.approx(expected.item(), rel=1e-5)
    for one, other, sample in zip(grads, others, (x, y), strict=True):
        assert one.dtype == sample.dtype
        assert (one.double() - other).norm() < (1e-5 if dtype == torch.float32 else 4e-3) * other.norm()
    splits = tiles.splits(x, members, WIDTHS)
    torch.testing.assert_close(splits, reference.splits(x.double(), members, WIDTHS), rtol=1e-5, atol=0)
    weights = torch.rand(201, 2).double(), torch.rand(132, 2).double()
    weighted = tiles.values(x, y, WIDTHS, unbiased, *weights)
    torch.testing.assert_close(weighted, reference.values(x, y, WIDTHS, unbiased, *weights))


def test_steps_are_whole_octaves() -> None:
    """The list from the largest down: 1 for half of the one before, 2 for a quarter, -1 for anything else."""
    scene = tiles._Scene(torch.randn(4, 2), torch.tensor([8.0, 32.0, 16.0, 2.0, 1.5, 1.5]).double())
    assert scene.steps.tolist() == [0, 1, 1, 2, -1, 0]
    assert scene.order.tolist()[:4] == [1, 2, 0, 3]


@pytest.mark.parametrize("architecture", ["80", "90a"])
def test_compiles_without_spills(architecture: str, tmp_path: Path) -> None:
    """nvcc keeps every kernel's numbers in registers, for GPUs of the generations 8.0 and 9.0."""
    nvcc = shutil.which(command_of("nvcc"))
    if nvcc is None:
        pytest.skip("nvcc is not installed")
    target = f"arch=compute_{architecture},code=sm_{architecture}"
    options = ["-c", "-O3", "-std=c++17", "-Xcompiler", "-fPIC", "-Xptxas", "-v", "-gencode", target]
    source = CSRC / "cuda" / "mmd.cu"
    command = [nvcc, *options, str(source), "-o", str(tmp_path / "mmd.o")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    spills = re.findall(r"(\d+) bytes spill stores, (\d+) bytes spill loads", done.stderr)
    registers = [int(number) for number in re.findall(r"Used (\d+) registers", done.stderr)]
    assert len(spills) == len(registers) == 2
    assert set(spills) == {("0", "0")}, done.stderr
    assert max(registers) <= 255
