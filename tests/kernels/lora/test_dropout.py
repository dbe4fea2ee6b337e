"""The dropout mask: the published generator, a pure function of (seed, row, column), of the right probability."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy.stats import chisquare, norm

from autotransfer.kernels.lora import operators
from autotransfer.kernels.lora.dropout import cutoff_of, keep_mask, philox

PROBABILITIES = [1e-12, 1e-3, 0.1, 0.5, 0.9, 1.0]

KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Counter, key, words: the known answers of the authors' library (Random123, kat_vectors, philox4x32 10)."""


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_equals_the_authors_known_answers(counter, key, expected) -> None:
    """Philox4x32-10 at the corners and at digits of pi."""
    seed = torch.tensor((key[0] + (key[1] << 32) + 2**63) % 2**64 - 2**63)
    assert tuple(int(word) for word in philox(tuple(torch.tensor(c) for c in counter), seed)) == expected


@pytest.mark.parametrize("p", PROBABILITIES)
def test_mask_equals_a_loop_over_its_elements(p: float, mask_by_loop) -> None:
    """Column c of row i takes word c % 4 of the counter (c // 4, i), and is kept above the cutoff."""
    for seed in (0, -1, 2**62 + 5):
        found = keep_mask(torch.tensor(seed), 3, 11, p).numpy()
        np.testing.assert_array_equal(found, mask_by_loop(seed % 2**64, 3, 11, p))


@pytest.mark.parametrize("p", PROBABILITIES)
@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (1, 1), (17, 37), (9, 160)], ids=str)
def test_compiled_mask_is_the_same_bit_by_bit(p: float, shape, compiled, device: str) -> None:
    """For widths that are no multiple of four words, of a vector, or of a block."""
    assert operators
    for seed in (0, -(2**63), 1234567890123456789):
        words = torch.tensor(seed, device=device)
        found = torch.ops.autotransfer.lora_keep_mask(words, *shape, p)
        assert torch.equal(found, keep_mask(words, *shape, p))


@pytest.mark.parametrize("isa", ["baseline", "avx2"])
def test_every_instruction_set_draws_the_same_mask(isa: str, compiled) -> None:
    """And computes the same layer: in a process of its own, as the choice is made once."""
    script = (
        "import torch\n"
        "from autotransfer.kernels.checking import check\n"
        "from autotransfer.kernels.lora.dropout import keep_mask\n"
        "found = [one for one in check('cpu') if one.op.startswith('lora')]\n"
        "assert found and all(one.agrees for one in found), found\n"
        "seed = torch.tensor(987654321987654321)\n"
        "assert torch.equal(torch.ops.autotransfer.lora_keep_mask(seed, 9, 77, 0.3), keep_mask(seed, 9, 77, 0.3))\n"
    )
    cache = {name: value for name, value in os.environ.items() if name != "AUTOTRANSFER_CACHE"}
    environment = {**cache, "AUTOTRANSFER_KERNELS": "require", "AUTOTRANSFER_KERNELS_ISA": isa}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("p", [0.05, 0.3, 0.8])
def test_drops_with_the_given_probability(p: float) -> None:
    """The share of 4 million draws lies within 4 standard errors; so do the shares of the eight columns of a block."""
    dropped = ~keep_mask(torch.tensor(3), 8192, 512, p)
    bound = norm.isf(1e-5) * math.sqrt(p * (1 - p) / dropped.numel())
    assert abs(float(dropped.double().mean()) - p) < bound
    by_place = dropped.reshape(8192, 64, 8).double().mean(dim=(0, 1))
    assert float((by_place - p).abs().max()) < bound * math.sqrt(8) * 1.2


def test_neighbours_rows_and_seeds_are_independent() -> None:
    """Pairs of elements fall into the four cells of a table as products of their shares (chi-square, 1 degree)."""
    p = 0.4
    mask = keep_mask(torch.tensor(11), 2048, 256, p)
    other = keep_mask(torch.tensor(12), 2048, 256, p)
    pairs = {
        "columns": (mask[:, ::2], mask[:, 1::2]),
        "rows": (mask[::2], mask[1::2]),
        "words": (mask[:, :-4], mask[:, 4:]),
        "seeds": (mask, other),
    }
    expected = np.outer([p, 1 - p], [p, 1 - p]).ravel()
    for name, (left, right) in pairs.items():
        counts = torch.bincount((2 * left.long() + right.long()).flatten(), minlength=4).numpy()
        assert chisquare(counts, expected * counts.sum()).pvalue > 1e-4, name


def test_the_mask_of_more_rows_begins_with_that_of_fewer() -> None:
    """A pure function of the place: cutting rows or columns off changes nothing of the rest."""
    whole = keep_mask(torch.tensor(5), 40, 30, 0.5)
    assert torch.equal(keep_mask(torch.tensor(5), 13, 9, 0.5), whole[:13, :9])


def test_cutoffs_cover_the_whole_interval() -> None:
    """P(drop) = (cutoff + 1) / 2^32: at least one word, at most all."""
    assert cutoff_of(1e-30) == 0
    assert cutoff_of(0.5) == 2**31 - 1
    assert cutoff_of(1.0) == 2**32 - 1


@pytest.mark.parametrize("p", [0.0, -0.1, 1.1, math.nan])
def test_refuses_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match="dropout_p"):
        keep_mask(torch.tensor(0), 2, 2, p)
