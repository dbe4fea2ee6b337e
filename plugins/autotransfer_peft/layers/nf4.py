"""Four-bit weights: the NormalFloat of QLoRA."""

from __future__ import annotations

from functools import cache
from typing import final

import torch
from torch import Tensor, nn

BLOCK, SECOND_BLOCK = 64, 256
"""Weights that share a scale, and scales that share one: the paper's."""

OFFSET = (1 - 1 / 32 + 1 - 1 / 30) / 2
"""Probability of the outermost quantile: the authors' code, half way between those that 2^4 + 1 quantiles on either
half of the scale would end with, 0.9677083."""

_FLOAT8_MOST = 448.0
"""Largest value of a float8 with 4 bits for the exponent."""


@cache
def code_book() -> Tensor:
    """The 16 values, float32, in ascending order: Dettmers, Pagnoni, Holtzman and Zettlemoyer, "QLoRA: Efficient
    finetuning of quantized LLMs", NeurIPS 2023 (arXiv:2305.14314), appendix E: quantiles of the normal distribution,
    eight of them positive and seven negative, each half evenly spaced in probability, and zero; divided by the
    largest."""
    from scipy.stats import norm

    positive = norm.ppf(torch.linspace(OFFSET, 0.5, 9, dtype=torch.float64)[:-1].numpy())
    negative = -norm.ppf(torch.linspace(OFFSET, 0.5, 8, dtype=torch.float64)[:-1].numpy())
    values = torch.tensor([*positive, 0.0, *negative], dtype=torch.float64).sort().values
    return (values / values.max()).float()


@final
class Nf4(nn.Module):
    """A frozen matrix in about 4.13 bits a weight: two code numbers a byte, a scale for each 64 weights, in 8 bits
    (double quantisation: scales less their mean, relative to the largest of 256 of them).

    :param weight: of any shape; more than nothing of it is kept only as code numbers.
    """

    codes: Tensor
    scales: Tensor
    largest: Tensor
    mean: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.shape, self.dtype = weight.shape, weight.dtype
        with torch.no_grad():
            blocks = _blocks(weight.detach().float().flatten(), BLOCK)
            scales = blocks.abs().amax(dim=1)
            mean = scales.mean()
            second = _blocks(scales - mean, SECOND_BLOCK)
            largest = second.abs().amax(dim=1, keepdim=True)
            ratio = second / largest.clamp(min=torch.finfo(torch.float32).tiny) * _FLOAT8_MOST
            self.register_buffer("scales", ratio.to(torch.float8_e4m3fn), persistent=False)
            self.register_buffer("largest", largest / _FLOAT8_MOST, persistent=False)
            self.register_buffer("mean", mean, persistent=False)
            exact = scales.clamp(min=torch.finfo(torch.float32).tiny)
            self.register_buffer("codes", _packed(nearest(blocks / exact[:, None])), persistent=False)

    def values(self) -> Tensor:
        """The matrix again, each weight within half a step of the code book times its block's scale."""
        second = (self.scales.float() * self.largest).flatten() + self.mean
        pairs = torch.stack([self.codes >> 4, self.codes & 15], dim=1).flatten()
        blocks = code_book().to(pairs.device)[pairs.long()].view(-1, BLOCK)
        flat = (blocks * second[: len(blocks), None]).flatten()
        return flat[: self.shape.numel()].view(self.shape).to(self.dtype)

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept."""
        return sum(buffer.numel() * buffer.element_size() for buffer in self.buffers())


def nearest(values: Tensor) -> Tensor:
    """Numbers of the code book's values that are next to these, which are in [-1, 1]; uint8."""
    book = code_book().to(values.device)
    return torch.bucketize(values, (book[1:] + book[:-1]) / 2).to(torch.uint8)


def _blocks(flat: Tensor, size: int) -> Tensor:
    """Rows of so many, the last filled up by zeros."""
    return nn.functional.pad(flat, (0, -len(flat) % size)).view(-1, size)


def _packed(numbers: Tensor) -> Tensor:
    pairs = numbers.view(-1, 2)
    return (pairs[:, 0] << 4) | pairs[:, 1]
