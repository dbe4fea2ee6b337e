"""Random words that are a pure function of (seed, row, column), and the dropout mask made of them.

A mask is drawn again in the backward instead of being kept. It depends neither on the device nor on how the work is
divided: the compiled kernels draw the same one bit by bit.
"""

from __future__ import annotations

import torch
from torch import Tensor

_LOW = 0xFFFFFFFF
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_WORDS = 1 << 32


def philox(counters: tuple[Tensor, Tensor, Tensor, Tensor], seed: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Philox4x32-10: Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011.

    :param counters: four int64 tensors with values in [0, 2^32). :param seed: int64, its halves are the key.
    :return: four tensors of words in [0, 2^32).
    """
    c0, c1, c2, c3 = counters
    k0, k1 = seed & _LOW, (seed >> 32) & _LOW
    for _ in range(_ROUNDS):
        # Products wrap around modulo 2^64, and the shift copies the sign: masked, both halves are right all the same.
        left, right = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1 = ((right >> 32) & _LOW) ^ c1 ^ k0, right & _LOW
        c2, c3 = ((left >> 32) & _LOW) ^ c3 ^ k1, left & _LOW
        k0, k1 = (k0 + _KEY_STEPS[0]) & _LOW, (k1 + _KEY_STEPS[1]) & _LOW
    return c0, c1, c2, c3


def cutoff_of(dropout_p: float) -> int:
    """Words up to this one drop their element: P(drop) = (cutoff + 1) / 2^32, at least one word in 2^32."""
    return min(max(round(dropout_p * _WORDS), 1), _WORDS) - 1


def keep_mask(seed: Tensor, rows: int, columns: int, dropout_p: float) -> Tensor:
    """True (rows, columns) where an element is kept; ``dropout_p`` in (0, 1].

    Column c takes word c % 4 of the counter (c // 4, low half of the row, high half of the row, 0).
    """
    _check_mask(rows, columns, dropout_p)
    row = torch.arange(rows, device=seed.device)[:, None]
    counter = torch.arange((columns + 3) // 4, device=seed.device)[None, :]
    zero = torch.zeros((), dtype=torch.int64, device=seed.device)
    words = philox((counter, row & _LOW, row >> 32, zero), seed)
    return (torch.stack(words, dim=-1) > cutoff_of(dropout_p)).flatten(1)[:, :columns].contiguous()


def _check_mask(rows: int, columns: int, dropout_p: float) -> None:
    if not 0.0 < dropout_p <= 1.0:
        raise ValueError(f"lora_linear: the mask's dropout_p is in (0, 1], not {dropout_p}")
    if rows < 0 or columns < 0:
        raise ValueError("lora_linear: a mask has no fewer than 0 rows and columns")
