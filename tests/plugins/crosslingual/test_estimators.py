"""Estimators of the likeness of languages, each worked out by hand."""

from __future__ import annotations

from math import isnan, log

import numpy as np
import pytest
from autotransfer_crosslingual import relatedness_estimators
from autotransfer_crosslingual.likeness import sampled
from autotransfer_crosslingual.out_of_place import OutOfPlace, frequent_grams
from autotransfer_crosslingual.prediction_balance import PredictionBalance, balance
from autotransfer_crosslingual.script_overlap import ScriptOverlap, script_shares
from autotransfer_crosslingual.type_token_distance import TypeTokenDistance
from autotransfer_crosslingual.word_overlap import WordOverlap

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


def pair(there: list[str], here: list[str]) -> tuple[Task, Source]:
    def rows(name: str, texts: list[str]) -> Dataset:
        y = np.arange(len(texts)) % 2
        return Dataset(name, Modality.TEXT, np.array(texts, dtype=object), y)

    target = rows("target", here)
    task = Task(target.take(np.arange(0)), ("no", "yes"), None, target.without_labels())
    return task, Source("source", Asset.SOURCE_INPUTS, rows("source", there), ("no", "yes"))


def test_script_overlap_by_hand() -> None:
    """Source: 3 of 4 letters Latin, 1 Cyrillic; target: half and half. min(3/4, 1/2) + min(1/4, 1/2) = 3/4."""
    assert ScriptOverlap().estimate(*pair(["abc ж"], ["ab жю 12!"]), Context()) == pytest.approx(0.75)
    assert script_shares(["ab ሰ"]) == {"LATIN": pytest.approx(2 / 3), "ETHIOPIC": pytest.approx(1 / 3)}


def test_out_of_place_by_hand() -> None:
    """Lists of two: source ("a", " a"), target ("a", "b"): "a" is in its place, " a" on no list, which counts 2."""
    assert frequent_grams(["aa a"], 2) == ["a", " a"]
    assert frequent_grams(["a b ab ba"], 2) == ["a", "b"]
    found = OutOfPlace(grams=2).estimate(*pair(["aa a"], ["a b ab ba"]), Context())
    assert found == pytest.approx((0 + 2) / (2 * 2))


def test_word_overlap_by_hand() -> None:
    """{a, b, c} and {b, d}: one common word of five."""
    assert WordOverlap().estimate(*pair(["a b", "c a"], ["b d b"]), Context()) == pytest.approx(1 / 5)


def test_type_token_distance_by_hand() -> None:
    """Of the first four running words: 4 distinct ones in the source, 2 in the target: (1 - 4 / 2)²."""
    assert TypeTokenDistance().estimate(*pair(["a b c d e f", "a"], ["x x y y"]), Context()) == pytest.approx(1.0)


def test_balance_by_hand() -> None:
    assert balance(np.array([5, 5])) == pytest.approx(1)
    assert balance(np.array([9, 0, 0])) == pytest.approx(0)
    assert balance(np.array([1, 3])) == pytest.approx(-(log(1 / 4) / 4 + 3 * log(3 / 4) / 4) / log(2))
    assert balance(np.array([3])) == 0


def test_a_model_that_knows_the_words_finds_both_classes() -> None:
    there = ["bad", "good"] * 10
    assert PredictionBalance().estimate(*pair(there, ["bad", "good"] * 5), Context()) > 0.9
    assert PredictionBalance().estimate(*pair(there, ["жюж", "эфэ"] * 5), Context()) < 0.1


@pytest.mark.parametrize("estimator", relatedness_estimators(), ids=lambda estimator: estimator.name)
def test_without_words_there_is_no_value(estimator) -> None:
    assert isnan(estimator.estimate(*pair(["a", "b"], []), Context()))


@pytest.mark.parametrize("estimator", [e for e in relatedness_estimators() if e.name != "prediction_balance"])
def test_a_language_is_nearest_to_itself(estimator) -> None:
    """To its own texts nearer than to another alphabet's."""
    same = estimator.estimate(*pair(["ein haus am see", "das haus"], ["das haus am see", "ein see"]), Context())
    other = estimator.estimate(*pair(["ж ю ж ю ж ю", "ж ж ж"], ["das haus am see", "ein see"]), Context())
    assert (same > other) is estimator.higher_is_better


def test_samples_keep_their_order() -> None:
    texts = tuple(str(n) for n in range(50))
    found = sampled(texts, 10, Context(seed=1))
    assert len(found) == 10
    assert list(found) == sorted(found, key=int)
    assert sampled(texts, 50, Context()) == texts
