"""Splits partition the rows and keep each class's share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.splits import (
    FOLDS,
    HOLDOUT_FROM,
    deal,
    in_row_order,
    make_folds,
    make_split,
    scored_rows,
    unseen_rows,
)

labels = st.lists(st.integers(0, 5), min_size=5, max_size=80).map(lambda values: np.array(values, np.int64))


@given(y=labels, parts=st.integers(2, 7), seed=st.integers(0, 9))
@settings(deadline=None)
def test_deal_is_even_overall_and_within_each_class(y: np.ndarray, parts: int, seed: int) -> None:
    """|count_p - count_q| <= 1 for all parts p, q, for all rows and for the rows of each class."""
    part = deal(y, parts, classes=True, seed=seed)
    for rows in [np.ones(len(y), bool), *(y == label for label in np.unique(y))]:
        counts = np.bincount(part[rows], minlength=parts)
        assert counts.max() - counts.min() <= 1


@given(y=st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=80).map(np.array), seed=st.integers(0, 9))
@settings(deadline=None)
def test_values_are_dealt_within_stretches_of_ranks(y: np.ndarray, seed: int) -> None:
    """Each part gets one of any 5 neighbours in rank, counted from the lowest: sizes differ by at most one."""
    part = deal(y, FOLDS, classes=False, seed=seed)
    counts = np.bincount(part, minlength=FOLDS)
    assert counts.sum() == len(y)
    assert counts.max() - counts.min() <= 1


@given(y=labels, seed=st.integers(0, 9))
@settings(deadline=None)
def test_folds_partition_the_rows(y: np.ndarray, seed: int) -> None:
    """The score parts are disjoint and cover everything; each train part is the complement of its score part."""
    folds = make_folds(y, classes=True, seed=seed)
    np.testing.assert_array_equal(scored_rows(folds), np.arange(len(y)))
    for fold in folds:
        assert not set(fold.train) & set(fold.score)
        assert len(fold.train) + len(fold.score) == len(y)


@given(y=labels, seed=st.integers(0, 9))
@settings(deadline=None)
def test_row_order_undoes_the_folds(y: np.ndarray, seed: int) -> None:
    """Predicting row i as i, fold after fold, gives 0, 1, 2, ... in row order."""
    folds = make_folds(y, classes=True, seed=seed)
    predicted = np.concatenate([fold.score for fold in folds]).astype(float)
    np.testing.assert_array_equal(in_row_order(folds, predicted), np.arange(len(y)))


@pytest.mark.parametrize("classes", [True, False])
def test_many_labels_are_held_out(classes: bool) -> None:
    """Train, validation and confirm are disjoint and cover the rows, in shares of 3 : 1 : 1."""
    y = np.arange(HOLDOUT_FROM) % 3
    split = make_split(y if classes else y + 0.5, classes=classes, seed=1)
    (fold,) = split.folds
    assert split.has_confirm
    together = np.concatenate([fold.train, fold.score, split.confirm])
    np.testing.assert_array_equal(np.sort(together), np.arange(HOLDOUT_FROM))
    assert [len(fold.train), len(fold.score), len(split.confirm)] == [900, 300, 300]


def test_few_labels_are_folded() -> None:
    """Below the limit every row is scored and none is held back."""
    split = make_split(np.arange(40) % 2, classes=True, seed=0)
    assert not split.has_confirm
    assert len(scored_rows(split.folds)) == 40


def test_equal_seeds_give_equal_splits() -> None:
    """The split is a function of labels and seed; another seed gives another one."""
    y = np.arange(60) % 2
    one, same, other = (make_folds(y, classes=True, seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(a.score, b.score) for a, b in zip(one, same, strict=True))
    assert not all(np.array_equal(a.score, b.score) for a, b in zip(one, other, strict=True))


@given(y=labels.filter(lambda y: len(np.unique(y)) > 1), seed=st.integers(0, 9))
@settings(deadline=None)
def test_class_folds_hold_each_class_out_once(y: np.ndarray, seed: int) -> None:
    """Every row is scored once; of n rows of a class, n / 2 (up to one) where the class is held out, all in one fold;
    the fold that holds a class out trains on none of its rows."""
    folds = make_folds(y, classes=True, seed=seed, unseen=1)
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.score for fold in folds])), np.arange(len(y)))
    unseen = unseen_rows(y, folds)
    for label in np.unique(y):
        homes = [index for index, fold in enumerate(folds) if label not in y[fold.train]]
        rows = np.flatnonzero((y == label) & unseen)
        assert abs(2 * len(rows) - (y == label).sum()) <= 1
        if len(homes) == 1:
            assert set(rows) <= set(folds[homes[0]].score)
    for fold in folds:
        assert not set(fold.train) & set(fold.score)


@given(y=labels.filter(lambda y: len(np.unique(y)) > 1), seed=st.integers(0, 9))
@settings(deadline=None)
def test_roles_of_rows_do_not_depend_on_the_seed(y: np.ndarray, seed: int) -> None:
    """Rounds agree on every row's role where a class has rows of both roles."""
    y = np.repeat(y, 4)
    rounds = [unseen_rows(y, make_folds(y, classes=True, seed=number, unseen=1)) for number in (seed, seed + 1)]
    np.testing.assert_array_equal(*rounds)


def test_many_labels_do_not_end_the_class_folds() -> None:
    split = make_split(np.arange(HOLDOUT_FROM) % 7, classes=True, seed=0, unseen=1)
    assert len(split.folds) == FOLDS
    assert not split.has_confirm


@pytest.mark.parametrize(("classes", "unseen", "folds"), [(20, 5, 4), (20, 1, 5), (10, 9, 2), (3, 1, 3), (2, 4, 2)])
def test_a_fold_holds_out_about_as_many_classes_as_are_unseen(classes: int, unseen: int, folds: int) -> None:
    y = np.repeat(np.arange(classes), 6)
    made = make_folds(y, classes=True, seed=0, unseen=unseen)
    assert len(made) == folds
    held = [classes - len(np.unique(y[fold.train])) for fold in made]
    assert sum(held) == classes
    assert max(held) - min(held) <= 1
