"""Hashed n-gram counts of texts, by array operations over all characters at once, some 10 MB a second.

A substring's hash is a difference of prefix sums of ``code * BASE**position`` (Karp and Rabin, "Efficient randomized
pattern-matching algorithms", IBM Journal of Research and Development 1987, https://doi.org/10.1147/rd.312.0249),
modulo 2**64, so no text is ever cut into Python strings and equal substrings hash alike in every process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from autotransfer.data import Array

BUCKETS = 2**20
_CHUNK = 2**20  # characters hashed at a time: bounds the working memory to some 100 MB
_BASE = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 2**64)
_SPACE, _LINE_FEED = ord(" "), ord("\n")


def count_words(texts: Sequence[str]) -> sparse.csr_matrix:
    """Counts of words and pairs of neighbouring words, lower case, shape (n, ``BUCKETS``), float32.

    A word is a run of letters, digits and underscores (the regular expression ``\\w+``).
    """
    return _stack([_words([text.lower() for text in chunk]) for chunk in _chunks(texts)])


def count_characters(texts: Sequence[str], shortest: int = 3, longest: int = 5) -> sparse.csr_matrix:
    """Counts of character n-grams, lower case, shape (n, ``BUCKETS``), float32.

    N-grams stay within a run of non-blanks, which counts with one blank on either side.
    """
    lengths = range(shortest, longest + 1)
    return _stack(
        [_characters([f" {' '.join(text.lower().split())} " for text in chunk], lengths) for chunk in _chunks(texts)]
    )


def _words(texts: list[str]) -> sparse.csr_matrix:
    codes, rows = _codes(texts)
    inside = np.concatenate([[False], _is_word(codes), [False]])
    starts = np.flatnonzero(inside[1:] & ~inside[:-1])
    ends = np.flatnonzero(~inside[1:] & inside[:-1])
    words = _hashes(codes, starts, ends)
    owners = rows[starts]
    neighbours = owners[1:] == owners[:-1]
    pairs = _mix(words[:-1] * np.uint64(3) + _mix(words[1:]))[neighbours]
    return _counts(np.concatenate([words, pairs]), np.concatenate([owners, owners[1:][neighbours]]), len(texts))


def _characters(texts: list[str], lengths: range) -> sparse.csr_matrix:
    codes, rows = _codes(texts)
    # the line feed between two texts counts as a blank, so that no n-gram reaches across
    blanks = np.concatenate([[0], np.cumsum((codes == _SPACE) | (codes == _LINE_FEED))])
    parts, owners = [], []
    for length in lengths:
        starts = np.arange(max(0, len(codes) - length + 1))
        within = blanks[starts + length - 1] == blanks[starts + 1]
        starts = starts[within]
        parts.append(_hashes(codes, starts, starts + length))
        owners.append(rows[starts])
    return _counts(np.concatenate(parts), np.concatenate(owners), len(texts))


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    ends = np.cumsum([len(text) + 1 for text in texts])
    start = 0
    while start < len(texts):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _CHUNK)))
        yield texts[start:stop]
        start = stop


def _codes(texts: list[str]) -> tuple[Array, Array]:
    """Code points of all texts, a line feed after each, and the text that each belongs to; both (characters,)."""
    joined = "".join(f"{text}\n" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes, np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])


def _is_word(codes: Array) -> Array:
    present = np.bincount(codes)
    letters = np.zeros(len(present), dtype=bool)
    for code in np.flatnonzero(present):
        letters[code] = chr(code).isalnum() or chr(code) == "_"
    return letters[codes]


def _hashes(codes: Array, starts: Array, ends: Array) -> Array:
    """A uint64 for each substring ``codes[start:end]``."""
    prefix = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum((codes + np.uint64(1)) * _powers(_BASE, len(codes)), out=prefix[1:])
    return _mix((prefix[ends] - prefix[starts]) * _powers(_INVERSE, len(codes))[starts])


def _powers(base: int, count: int) -> Array:
    powers = np.full(max(count, 1), base, np.uint64)
    powers[0] = 1
    return np.asarray(np.multiply.accumulate(powers))[:count]


def _mix(keys: Array) -> Array:
    """Spread entropy over all bits: the finaliser of MurmurHash3."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        keys = (keys ^ (keys >> np.uint64(33))) * np.uint64(factor)
    return np.asarray(keys ^ (keys >> np.uint64(33)))


def _counts(hashes: Array, rows: Array, n: int) -> sparse.csr_matrix:
    buckets = (hashes % np.uint64(BUCKETS)).astype(np.int32)
    ones = np.ones(len(buckets), np.float32)
    counts = sparse.coo_matrix((ones, (rows.astype(np.int32), buckets)), shape=(n, BUCKETS)).tocsr()
    counts.sum_duplicates()
    return counts


def _stack(parts: list[sparse.csr_matrix]) -> sparse.csr_matrix:
    if not parts:
        return sparse.csr_matrix(np.zeros((0, BUCKETS), np.float32))
    return sparse.vstack(parts, format="csr") if len(parts) > 1 else parts[0]
