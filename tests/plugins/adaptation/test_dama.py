"""Manifold alignment of two domains with different columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.linalg
from autotransfer_adaptation.dama import Dama, Standard, alignment

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task

OFFERS = Asset.OTHER_COLUMNS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _problem(n_labeled: int) -> tuple[Task, Source, Dataset]:
    """Four classes in a plane; the source sees it through 12 columns, the target through 30, mostly noise."""
    rng = np.random.default_rng(0)
    places = 2.5 * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1.0]])
    views = rng.normal(size=(2, 12)), 0.5 * rng.normal(size=(2, 30))

    def draw(name: str, n: int, side: int) -> Dataset:
        y = rng.permutation(np.arange(n) % 4)
        X = (places[y] + rng.normal(size=(n, 2))) @ views[side]
        return Dataset(name, Modality.FEATURES, X + rng.normal(size=X.shape), y)

    classes = ("a", "b", "c", "d")
    source = Source("s", OFFERS, draw("s", 400, 0), classes)
    task = Task(draw("t", n_labeled, 1), classes, unlabeled=draw("u", 200, 1).without_labels())
    return task, source, draw("test", 600, 1)


def test_equals_the_papers_matrices() -> None:
    """Z (mu L + L_s) Z^T f = lambda Z L_d Z^T f with all pairs of rows written out; up to signs and lengths."""
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(20, 3)), rng.normal(size=(15, 4))
    y = rng.integers(0, 3, 20), rng.integers(0, 3, 15)
    graphs = [X.T @ np.diag(rng.uniform(size=len(X))) @ X for X in rows]
    labels, Z = np.concatenate(y), scipy.linalg.block_diag(*rows)
    Ws = (labels[:, None] == labels).astype(float)
    Wd = 1.0 - Ws
    Ls, Ld = (np.diag(W.sum(axis=1)) - W for W in (Ws, Wd))
    small = 0.3 * scipy.linalg.block_diag(*graphs) + Z.T @ Ls @ Z
    values, vectors = scipy.linalg.eig(small, Z.T @ Ld @ Z)
    expected = vectors[:, np.argsort(values.real)[:2]].real
    found = np.concatenate(alignment(rows, y, graphs, 0.3, 2))
    cosines = np.sum(found * expected, axis=0) / np.linalg.norm(found, axis=0) / np.linalg.norm(expected, axis=0)
    np.testing.assert_allclose(np.abs(cosines), 1.0, atol=1e-5)


def test_a_class_without_labelled_target_rows_is_found_by_the_source() -> None:
    """Labelled target rows know three of four classes; the source, in other columns, tells where the fourth lies."""
    task, source, test = _problem(40)
    task = replace(task, train=task.train.take(task.train.labels < 3))
    found = Dama(dims=2).fit(task, source, Context(seed=0)).predict(test).argmax(axis=1)
    fourth = test.labels == 3
    assert np.mean(found[fourth] == 3) > 0.7
    assert np.mean(found == test.labels) > 0.7


def test_both_ways_lead_to_the_learner() -> None:
    """Source rows take their own map: most of their classes are known there."""
    task, source, _ = _problem(40)
    fitted = Dama(dims=2).fit(task, source, Context(seed=0))
    assert np.mean(fitted.for_source().predict(source.rows).argmax(axis=1) == source.rows.labels) > 0.85


def test_constant_and_many_columns() -> None:
    """A column that never varies is zero; 200 columns become 128 at most."""
    X = np.random.default_rng(2).normal(size=(150, 200))
    X[:, 3] = 7.0
    narrow, wide = Standard.of(X[:, :5], Context()), Standard.of(X, Context())
    np.testing.assert_allclose(narrow.rows.std(axis=0), [1, 1, 1, 0, 1])
    assert wide.rows.shape[1] <= 128
    np.testing.assert_allclose((X - wide.mean) @ wide.matrix, wide.rows)
