from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from autotransfer.encoders import count_memo
from autotransfer.encoders.count_memo import CountMemo


class Lengths:
    """Counts each text's letters, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> sparse.csr_matrix:
        self.asked += texts
        return sparse.csr_matrix(np.array([[len(text), 1.0] for text in texts], np.float32).reshape(-1, 2))


def test_each_text_is_counted_once_whatever_the_fold() -> None:
    count = Lengths()
    memo = CountMemo(count)
    texts = ["a", "bb", "ccc", "a"]
    for fold in (texts, texts[1:], [*texts[::-1], "dddd"], []):
        expected = np.array([[len(text), 1.0] for text in fold]).reshape(-1, 2)
        np.testing.assert_array_equal(memo(fold).toarray(), expected)
    assert count.asked == ["a", "bb", "ccc", "dddd"]


def test_memory_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(count_memo, "_MOST", 6)
    count = Lengths()
    memo = CountMemo(count)
    for text in "abcdefgh":
        np.testing.assert_array_equal(memo([text]).toarray(), [[1, 1]])
        rows, matrix = memo._known
        assert len(rows) * 2 == (0 if matrix is None else matrix.nnz) <= 6
