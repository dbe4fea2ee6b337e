from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.encoders import ngrams
from autotransfer.encoders.ngrams import BUCKETS, count_characters, count_words

TEXTS = ["The cat, the CAT!", "", "   ", "don't  stop\nnow_2", "ñandú 日本語 İstanbul ß", "a", "x" * 50, "\ud800 lone"]

WORDS = [353408, 420386, 490016]
CHARACTERS = [313867, 427806, 703628]


def words_by_loop(text: str) -> Counter[tuple[str, ...]]:
    found = re.findall(r"\w+", text.lower())
    return Counter([(word,) for word in found] + list(pairwise(found)))


def characters_by_loop(text: str) -> Counter[str]:
    grams = Counter()
    for run in text.lower().split():
        padded = f" {run} "
        for n in (3, 4, 5):
            grams.update(padded[i : i + n] for i in range(len(padded) - n + 1))
    return grams


def agrees(counted, expected: list[Counter]) -> None:
    """One bucket an n-gram, the same in every row, holding its count; all else 0."""
    vocabulary = sorted(set().union(*expected))
    bucket_of: dict = {}
    for gram in vocabulary:
        profile = [row[gram] for row in expected]
        rows = [i for i, count in enumerate(profile) if count]
        candidates = set.intersection(
            *({int(b) for b in counted[i].indices if counted[i, b] == profile[i]} for i in rows)
        )
        bucket_of[gram] = candidates
        assert candidates
    for i, row in enumerate(expected):
        assert counted[i].nnz == len(row)
        assert sorted(counted[i].data) == sorted(row.values())


@pytest.mark.parametrize(("count", "by_loop"), [(count_words, words_by_loop), (count_characters, characters_by_loop)])
def test_equals_a_plain_loop(count, by_loop) -> None:
    counted = count(TEXTS)
    assert counted.shape == (len(TEXTS), BUCKETS)
    assert counted.dtype == np.float32
    agrees(counted, [by_loop(text) for text in TEXTS])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_is_counted_like_by_the_loop(texts: list[str]) -> None:
    assert count_words(texts).sum() == sum(sum(words_by_loop(text).values()) for text in texts)
    assert count_characters(texts).sum() == sum(sum(characters_by_loop(text).values()) for text in texts)


def test_a_text_is_counted_alike_alone_and_in_any_chunk(monkeypatch) -> None:
    """count(A + B) = count(A) stacked on count(B), also where the working memory forces small chunks."""
    for count in (count_words, count_characters):
        together = count(TEXTS)
        monkeypatch.setattr(ngrams, "_CHUNK", 7)
        assert (count(TEXTS) != together).nnz == 0
        monkeypatch.undo()
        for i, text in enumerate(TEXTS):
            assert (count([text]) != together[i]).nnz == 0


def test_hashes_do_not_change() -> None:
    """Saved models hold bucket numbers: another hash would silently break them."""
    assert count_words(["good film"]).indices.tolist() == WORDS
    assert count_characters(["ab"]).indices.tolist() == CHARACTERS


def test_buckets_are_spread_evenly() -> None:
    """100,000 distinct words into 2**20 buckets: as many collide as for random numbers, within 5 %."""
    n = 100_000
    occupied = count_words([" ".join(f"word{i}" for i in range(n))])
    words = len(set(count_words([f"word{i}" for i in range(n)]).indices.tolist()))
    expected = BUCKETS * (1 - (1 - 1 / BUCKETS) ** n)
    assert abs((n - words) - (n - expected)) < 0.05 * (n - expected)
    assert occupied.sum() == 2 * n - 1
