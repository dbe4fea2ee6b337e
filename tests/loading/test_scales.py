"""Scales that differ between domains are noticed, ordinary shifts are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.data import Array, Dataset, Modality
from autotransfer.loading.scales import FACTOR, scale_note
from autotransfer.problem import RawData


def _rows(X: Array, name: str = "source") -> Dataset:
    return Dataset(name, Modality.FEATURES, X)


def _pictures(seed: int, n: int = 80) -> Array:
    """Numbers from 0 to 1, some pixels dark throughout."""
    X = np.random.default_rng(seed).beta(0.5, 0.8, size=(n, 64))
    X[:, :5] = 0.0
    return X


@pytest.mark.parametrize("flip", [False, True])
def test_0_to_1_against_0_to_255(flip: bool) -> None:
    """The same kind of pictures on two scales, either way round: named, with the factor."""
    small, large = _pictures(0), 255.0 * _pictures(1)
    (note,) = scale_note(_rows(small if flip else large), _rows(large if flip else small, "target"))
    assert note.startswith("source: its columns spread 25")
    assert ("smaller" if flip else "larger") in note
    assert "0 to 255" in note
    assert "0 to 1" in note


def test_bytes_against_floats() -> None:
    """uint8 pictures of any shape count as numbers."""
    large = (255 * _pictures(1)).astype(np.uint8).reshape(-1, 8, 8)
    (note,) = scale_note(_rows(large), _rows(_pictures(0).reshape(-1, 8, 8), "target"))
    assert "larger" in note


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["same", "moved", "stretched", "some columns", "sparse", "few rows", "outlier"])
def test_ordinary_shifts_are_left_alone(kind: str, seed: int) -> None:
    """Another mean, columns stretched by up to 5, a third of the columns in another unit, rare counts, five rows, one
    row far out: none of it is a matter of scale."""
    rng = np.random.default_rng(seed)
    S, T = rng.normal(size=(60, 30)), rng.normal(size=(40, 30))
    if kind == "moved":
        S = S + 100.0
    elif kind == "stretched":
        S = S * rng.uniform(0.2, 5.0, size=30)
    elif kind == "some columns":
        S[:, :10] *= 1000.0
    elif kind == "sparse":
        S, T = rng.poisson(0.05, size=(60, 30)).astype(float), rng.poisson(0.2, size=(40, 30)).astype(float)
    elif kind == "few rows":
        S = S[:5]
    elif kind == "outlier":
        S[0] = 50.0
    assert scale_note(_rows(S), _rows(T, "target")) == ()


def test_the_factor_is_where_it_begins() -> None:
    """Just above FACTOR there is a note, just below there is none."""
    X = np.random.default_rng(0).normal(size=(50, 6))
    assert scale_note(_rows(X * FACTOR * 1.01), _rows(X, "target"))
    assert not scale_note(_rows(X * FACTOR * 0.99), _rows(X, "target"))


def test_tables_are_compared_by_their_numbers() -> None:
    """Words and missing entries take no part; a column that one side lacks neither."""
    rng = np.random.default_rng(1)

    def table(scale: float) -> Dataset:
        frame = pd.DataFrame(rng.normal(size=(30, 3)) * scale, columns=["a", "b", "c"])
        frame["word"] = "x"
        frame.loc[:4, "a"] = np.nan
        return Dataset("source", Modality.TABLE, frame)

    lacking = table(100.0)
    lacking.inputs["c"] = np.nan
    assert scale_note(lacking, table(1.0))
    assert not scale_note(table(1.0), table(1.0))


@pytest.mark.parametrize("rows", [np.zeros((50, 3)), np.ones((2, 3)), np.array(["a"] * 50, dtype=object)])
def test_nothing_to_compare(rows: Array) -> None:
    """Constant columns, two rows, words: no note and no warning."""
    modality = Modality.TEXT if rows.dtype == object else Modality.FEATURES
    assert scale_note(Dataset("s", modality, rows), Dataset("t", modality, rows)) == ()


def test_the_problem_carries_the_note(load) -> None:
    """It reaches the notes that every report shows, before anything is encoded."""
    y = np.array(["a", "b"] * 40, dtype=object)
    target = RawData("t", Modality.FEATURES, _pictures(0), y)
    problem = load(
        target,
        RawData("large", Modality.FEATURES, 255 * _pictures(1), y),
        RawData("same", Modality.FEATURES, _pictures(2), y),
    )
    assert [note.partition(":")[0] for note in problem.notes if "spread" in note] == ["large"]
