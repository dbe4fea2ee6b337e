"""Narrowing a book of sources."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.sourcebook import shortlist as module
from autotransfer.sourcebook.book import Book, write_book
from autotransfer.sourcebook.shortlist import shortlist
from autotransfer.sourcebook.sketch import Sketch

COUNT, WIDTH = 300, 48


@pytest.fixture(scope="module")
def means() -> list[np.ndarray]:
    """300 sources with 1 to 6 classes near 40 places."""
    rng = np.random.default_rng(0)
    places = rng.normal(size=(40, WIDTH))
    sizes = rng.integers(1, 7, COUNT)
    return [places[rng.integers(0, 40, size)] + 0.3 * rng.normal(size=(size, WIDTH)) for size in sizes]


@pytest.fixture(scope="module")
def book(means: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Book:
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in means])])
    names = tuple(f"source {number}" for number in range(COUNT))
    return write_book(tmp_path_factory.mktemp("books") / "book", "", names, offsets, np.concatenate(means))


def by_formula(means: list[np.ndarray], target: Sketch) -> np.ndarray:
    """Sum over target classes of share · max over source classes of the cosine, all centred at the mean of classes."""
    centre = np.concatenate(means).mean(axis=0)

    def unit(rows: np.ndarray) -> np.ndarray:
        return (rows - centre) / np.linalg.norm(rows - centre, axis=1, keepdims=True)

    ours = unit(target.means.astype(np.float64))
    return np.array([float(target.shares @ (ours @ unit(each).T).max(axis=1)) for each in means])


@pytest.mark.parametrize("block", [1, 7, 1 << 16])
def test_the_best_are_found(book: Book, means: list[np.ndarray], block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores are those of the formula, in descending order, whatever the size of a block."""
    monkeypatch.setattr(module, "_BLOCK", block)
    target = Sketch((means[5] + 0.1).astype(np.float32), np.full(len(means[5]), 1 / len(means[5])))
    expected = by_formula(means, target)
    found = shortlist(book, target, kept=20, retrieved=100)
    assert [int(one.name.split()[1]) for one in found] == np.argsort(-expected, kind="stable")[:20].tolist()
    np.testing.assert_allclose([one.score for one in found], np.sort(expected)[::-1][:20], atol=2e-3)


def test_a_source_with_every_class_has_the_score_1(book: Book, means: list[np.ndarray]) -> None:
    """And more classes do not count against it."""
    for number in (0, 50, 299):
        target = Sketch(means[number][:1].astype(np.float32), np.ones(1))
        (first,) = shortlist(book, target, kept=1)
        assert first.name == f"source {number}"
        assert first.score == pytest.approx(1.0, abs=2e-3)


def test_more_is_asked_for_than_there_is(book: Book, means: list[np.ndarray]) -> None:
    target = Sketch(means[0].astype(np.float32), np.full(len(means[0]), 1 / len(means[0])))
    assert len(shortlist(book, target, kept=1000)) == COUNT


def test_broken_vectors_come_last(book: Book, means: list[np.ndarray]) -> None:
    """NaN and infinite ones are no similarity, and scores stay within -1 and 1."""
    coarse, fine = book.coarse.copy(), np.asarray(book.fine).copy()
    coarse[book.offsets[3]], fine[book.offsets[3]] = np.nan, np.nan
    broken = Book(book.space, book.names, book.offsets, coarse, fine, book.centre, book.basis)
    target = Sketch(means[3].astype(np.float32), np.full(len(means[3]), 1 / len(means[3])))
    found = shortlist(broken, target, kept=COUNT)
    assert found[-1].name == "source 3"
    assert all(-1 <= one.score <= 1 for one in found)
