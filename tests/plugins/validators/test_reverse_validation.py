"""Reverse validation: labels must survive the way from the source to the target and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_validators.reverse_validation import ReverseValidation, pseudo_labeled

from autotransfer.data import Array, Dataset, Modality


def features(X: Array, y: Array | None = None, domain: Array | None = None) -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.asarray(X, dtype=float).reshape(len(X), 1), y, domain)


def nearest(labeled: Dataset, rows: Dataset, n_classes: int) -> Array:
    y = labeled.labels[np.abs(rows.X[:, None, 0] - labeled.X[None, :, 0]).argmin(1)]
    return np.eye(n_classes)[y] if n_classes else y


@pytest.fixture
def score(make):
    """There and back by one nearest neighbour, which can be followed by hand; a fifth of the rows is held out."""

    def run(rows: Dataset, target: Array, n_classes: int = 2, asked: list[tuple[int, int]] | None = None) -> float:
        held = np.arange(len(rows)) % 5 == 0
        known, unseen, there = rows.take(~held), rows.take(held), features(target)

        def refit(labeled: Dataset, unlabeled: Dataset, wanted: Dataset) -> Array:
            assert unlabeled.y is None
            assert wanted.domain is None
            if asked is not None:
                asked.append((len(labeled), len(unlabeled)))
            return nearest(labeled, wanted, n_classes)

        evidence = make(
            target=nearest(known, there, n_classes),
            held=nearest(known, unseen, n_classes),
            metric="accuracy" if n_classes else "rmse",
            refit=refit,
            known=known,
        )
        return ReverseValidation().score(replace(evidence, held=unseen, target=there))

    return run


def blocks(n: int, *, shuffled: bool) -> Dataset:
    """Class 1 right of 0; or the same labels in any order."""
    rng = np.random.default_rng(3)
    x = np.linspace(-1, 1, n)
    y = (x > 0).astype(np.int64)
    return features(x, rng.permutation(y) if shuffled else y)


def test_sound_labels_come_back_and_shuffled_ones_do_not(score):
    """1-NN carries y = [x > 0] there and back without loss; of random labels about half return by chance."""
    target = np.linspace(-1, 1, 60)
    assert score(blocks(200, shuffled=False), target) > 0.9
    assert score(blocks(200, shuffled=True), target) < 0.75


def test_exchanged_classes_come_back_too(score):
    """The validator's known weakness: an error that is consistent undoes itself."""
    rows = blocks(200, shuffled=False)
    exchanged = replace(rows, y=1 - rows.labels)
    assert score(exchanged, np.linspace(-1, 1, 60)) == score(rows, np.linspace(-1, 1, 60))


def test_values_come_back_too(score):
    """Reverse RMSE of y = x over a grid of step h is of the order of h; larger (less negative) is better."""
    x = np.linspace(0, 1, 101)
    assert -0.05 < score(features(x, x.copy()), np.linspace(0, 1, 101), 0) <= 0
    shuffled = np.random.default_rng(0).permutation(x)
    assert score(features(x, shuffled), np.linspace(0, 1, 101), 0) < -0.2


def test_one_pseudo_class_gives_the_score_of_a_constant_without_a_fit(score):
    """All target rows lie in class 1, a third of the source: the way back says 1 for all."""
    x, asked = np.linspace(-2, 1, 90), []
    assert score(features(x, (x > 0).astype(np.int64)), np.full(7, 0.5), asked=asked) == pytest.approx(1 / 3)
    assert asked == []


def test_the_labels_find_back_to_each_domain(score):
    """One fit back for each of two domains, to the 80 rows that each has kept."""
    x, asked = np.tile(np.linspace(-1, 1, 100), 2), []
    rows = features(x, (x > 0).astype(np.int64), np.repeat([0, 1], 100))
    score(rows, np.linspace(-1, 1, 40), asked=asked)
    assert asked == [(40, 80), (40, 80)]


def test_pseudo_labels_are_the_likeliest_class_or_the_value():
    rows = features(np.arange(2))
    assert pseudo_labeled(rows, np.array([[0.2, 0.8], [0.6, 0.4]])).labels.tolist() == [1, 0]
    assert pseudo_labeled(rows, np.array([1.5, -2.0])).labels.tolist() == [1.5, -2.0]


def test_without_rows_held_out_it_is_undefined(make):
    rows = blocks(20, shuffled=False)
    evidence = replace(make(target=np.eye(2)[[0, 1]], known=rows), target=features(np.zeros(2)))
    assert np.isnan(ReverseValidation().score(replace(evidence, held=rows.take(np.arange(0)))))
