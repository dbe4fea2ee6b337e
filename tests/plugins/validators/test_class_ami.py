"""Agreement of predicted classes with clusters."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators import class_ami as module
from autotransfer_validators.class_ami import ClassAMI
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_mutual_info_score

MEANS = 8 * np.eye(3)


@pytest.fixture
def blobs(rng):
    """(90, 3) in three far groups, and which group each row is of."""
    y = rng.permutation(np.arange(90) % 3)
    return MEANS[y] + rng.normal(size=(90, 3)), y


def score(make, X, P, **options):
    return ClassAMI(**options).score(make(target=P, X=(X[:0], X[:0], X), held=P[:0]))


def test_classes_that_are_the_clusters_agree_whatever_their_names(make, blobs):
    X, y = blobs
    assert score(make, X, np.eye(3)[y]) == pytest.approx(1.0)
    assert score(make, X, np.eye(3)[(y + 1) % 3]) == pytest.approx(1.0)


def test_classes_by_lot_agree_by_chance(make, blobs, rng):
    X, y = blobs
    assert abs(score(make, X, np.eye(3)[rng.permutation(y)])) < 0.1


def test_it_is_what_scikit_learn_computes_on_principal_directions(make, rng):
    """The same k-means, on sklearn's PCA to two of ten columns; groups are overlapping, so 0 < AMI < 1."""
    y = np.arange(120) % 3
    X = np.hstack([3 * MEANS[y][:, :2] / 8, rng.normal(size=(120, 8))]) + rng.normal(scale=0.5, size=(120, 10))
    P = rng.dirichlet(np.ones(3), 120) + 0.5 * np.eye(3)[y]
    clusters = KMeans(3, n_init=10, random_state=0).fit_predict(PCA(2).fit_transform(X))
    expected = adjusted_mutual_info_score(P.argmax(1), clusters)
    assert 0.05 < expected < 0.95
    assert score(make, X, P, dims=2) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("X", "P"),
    [
        (np.zeros((20, 3)), np.eye(3)[np.arange(20) % 3]),
        (np.arange(60.0).reshape(20, 3), np.eye(3)[np.zeros(20, int)]),
        (np.zeros((20, 3)), np.eye(3)[np.zeros(20, int)]),
    ],
    ids=["constant features", "one class", "both"],
)
def test_one_cluster_or_one_class_agrees_with_nothing(make, X, P):
    assert score(make, X, P) == 0.0


def test_fewer_distinct_rows_than_classes(make):
    X = np.array([[0.0, 0.0], [1.0, 1.0]])[np.arange(20) % 2]
    assert score(make, X, np.eye(3)[np.arange(20) % 2]) == pytest.approx(1.0)


def test_one_row_is_undefined(make):
    assert np.isnan(score(make, np.zeros((1, 2)), np.eye(3)[:1]))


def test_many_rows_are_sampled(make, blobs, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 30)
    X, y = blobs
    assert score(make, X, np.eye(3)[y]) == pytest.approx(1.0)
