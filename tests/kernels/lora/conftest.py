"""LoRA layers to try, and what they compute, by loops over float64 in NumPy."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from autotransfer.kernels.lora import operators, reference
from autotransfer.kernels.sources import CSRC, command_of

MULTIPLIERS, STEPS = (0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)


class Results(NamedTuple):
    """Of the forward, then of the backward."""

    y: np.ndarray
    t: np.ndarray
    dx: np.ndarray
    da: np.ndarray
    db: np.ndarray
    dbias: np.ndarray


@dataclass(frozen=True)
class Case:
    """A layer, its input and the gradient of its output."""

    x: Tensor
    weight: Tensor
    a: Tensor
    b: Tensor
    bias: Tensor
    grad: Tensor
    groups: tuple[tuple[int, int], ...]
    scale: float = -0.7
    p: float = 0.0
    seed: int = 2**40 + 3

    @property
    def starts(self) -> list[int]:
        return [start for start, _ in self.groups]

    @property
    def sizes(self) -> list[int]:
        return [size for _, size in self.groups]

    @property
    def words(self) -> Tensor:
        return torch.tensor(self.seed, device=self.x.device)

    def forward_arguments(self) -> tuple:
        settings = (self.words, self.scale, self.p, self.starts, self.sizes)
        return (self.x, self.weight, self.a, self.b, self.bias, *settings)

    def backward_arguments(self, t: Tensor) -> tuple:
        settings = (self.words, self.scale, self.p, self.starts, self.sizes, True, True, True)
        return (self.grad, self.x, self.weight, self.a, self.b, t, *settings)


@pytest.fixture
def build(device: str) -> Callable[..., Case]:
    """build(rows, inputs, outputs, rank, groups, p, dtype) -> a case of normal numbers."""

    def build(rows, inputs, outputs, rank, groups=None, p=0.0, *, dtype=torch.float64, factors=None) -> Case:
        torch.manual_seed(rows + 7 * inputs + 31 * outputs)
        groups = groups or ((0, outputs),)
        width = sum(size for _, size in groups)
        shapes = (
            (rows, inputs),
            (outputs, inputs),
            (len(groups) * rank, inputs),
            (width, rank),
            (outputs,),
            (rows, outputs),
        )
        dtypes = [dtype] * 6
        dtypes[2:4] = [factors or dtype] * 2
        made = [torch.randn(s, dtype=torch.float64).to(device, t) for s, t in zip(shapes, dtypes, strict=True)]
        return Case(*made, groups=groups, p=p)

    return build


@pytest.fixture(params=["reference", "operator"])
def layer(request: pytest.FixtureRequest) -> Callable[[Case], Results]:
    """Runs a case forward and backward: the reference as it is, or the operator with its compiled kernels."""
    module = reference
    if request.param == "operator":
        request.getfixturevalue("compiled")
        assert operators
        module = torch.ops.autotransfer

    def run(case: Case) -> Results:
        y, t = module.lora_linear(*case.forward_arguments())
        return Results(y, t, *module.lora_linear_backward(*case.backward_arguments(t)))

    return run


def words(seed: int, counter: tuple[int, int, int, int], rounds: int = 10) -> tuple[int, int, int, int]:
    """Philox4x32 by integers of Python."""
    c, key = list(counter), [seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF]
    for _ in range(rounds):
        left, right = c[0] * MULTIPLIERS[0], c[2] * MULTIPLIERS[1]
        c = [(right >> 32) ^ c[1] ^ key[0], right % 2**32, (left >> 32) ^ c[3] ^ key[1], left % 2**32]
        key = [(k + step) % 2**32 for k, step in zip(key, STEPS, strict=True)]
    return tuple(c)


@pytest.fixture(scope="session")
def mask_by_loop() -> Callable[[int, int, int, float], np.ndarray]:
    """mask(seed, rows, columns, p): what is kept, element by element."""

    def mask(seed: int, rows: int, columns: int, p: float) -> np.ndarray:
        kept = np.ones((rows, columns), dtype=bool)
        for i in range(rows):
            for k in range(columns if p > 0 else 0):
                word = words(seed, (k // 4, i % 2**32, i >> 32, 0))[k % 4]
                kept[i, k] = word >= max(round(p * 2**32), 1)
        return kept

    return mask


@pytest.fixture(scope="session")
def by_loop(mask_by_loop) -> Callable[[Case], Results]:
    """The same as ``layer``, row by row and group by group in float64."""

    def run(case: Case) -> Results:
        x, W, A, B, bias, grad = (
            v.detach().cpu().double().numpy() for v in (case.x, case.weight, case.a, case.b, case.bias, case.grad)
        )
        kept = np.where(mask_by_loop(case.seed, *x.shape, case.p), x, 0.0)
        mask = mask_by_loop(case.seed, *x.shape, case.p)
        c, r = (case.scale / (1 - case.p) if case.p < 1 else 0.0), B.shape[1]
        y, t, dx = x @ W.T + bias, np.zeros((len(x), len(A))), grad @ W
        da, db, first = np.zeros_like(A), np.zeros_like(B), 0
        for g, (start, size) in enumerate(case.groups):
            A_g, B_g, part = A[g * r : (g + 1) * r], B[first : first + size], slice(start, start + size)
            for i in range(len(x)):
                t_i, u_i = c * A_g @ kept[i], c * B_g.T @ grad[i, part]
                t[i, g * r : (g + 1) * r] = t_i
                y[i, part] += B_g @ t_i
                dx[i] += mask[i] * (A_g.T @ u_i)
                da[g * r : (g + 1) * r] += np.outer(u_i, kept[i])
                db[first : first + size] += np.outer(grad[i, part], t_i)
            first += size
        return Results(y, t, dx, da, db, grad.sum(axis=0))

    return run


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The kernels, compiled by the C++ compiler with ``emulated_cuda.h``."""
    compiler = shutil.which(command_of("c++"))
    if compiler is None:
        pytest.skip("no C++ compiler is installed")
    library = tmp_path_factory.mktemp("emulated") / "lora.so"
    options = ["-x", "c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-I", str(Path(__file__).parent)]
    subprocess.run([compiler, *options, str(CSRC / "cuda" / "lora.cu"), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))
