"""Sliced optimal transport dataset distance."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from autotransfer_relatedness.sliced_otdd import SlicedDatasetDistance, _positive_poisson, squared_wasserstein
from scipy.optimize import linprog

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


@pytest.mark.parametrize(("n", "m"), [(6, 6), (7, 4), (1, 5)])
def test_wasserstein_equals_the_linear_programme(n: int, m: int) -> None:
    """min over couplings of sum p_ij (a_i - b_j)^2 with marginals 1/n and 1/m."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(n, 2)), rng.normal(size=(m, 2)) + 1.0
    marginals = [np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))]
    expected = [
        linprog(
            ((A[:, None, k] - B[None, :, k]) ** 2).ravel(),
            A_eq=np.concatenate(marginals),
            b_eq=np.repeat([1 / n, 1 / m], [n, m]),
        ).fun
        for k in (0, 1)
    ]
    np.testing.assert_allclose(squared_wasserstein(A, B), expected, atol=1e-9)


def test_counts_are_poisson_without_zero() -> None:
    """P(l) = rate^l e^-rate / (l! (1 - e^-rate)) for l >= 1: shares of 200,000 draws, within four standard errors."""
    drawn = _positive_poisson(np.random.default_rng(0), np.array([[0.5], [3.0]]), 200_000)
    for rate, counts in zip((0.5, 3.0), drawn, strict=True):
        assert counts.min() == 1
        for count in (1, 2, 5):
            share = rate**count * math.exp(-rate) / (math.factorial(count) * -math.expm1(-rate))
            error = math.sqrt(share * (1 - share) / 200_000)
            assert np.mean(counts == count) == pytest.approx(share, abs=4 * error)


def test_equals_the_definition(shifted: tuple[Task, Source]) -> None:
    """The same draws, and then every row of every slice in loops, at equal sizes, where W_2^2 is the mean over sorted
    rows."""
    task, source = shifted
    task = replace(task, train=task.train.take(np.arange(30)))
    source = replace(source, data=source.rows.take(np.arange(30)))
    found = SlicedDatasetDistance(slices=5, moments=3).estimate(task, source, Context(seed=0))
    S, T = source.rows.X, task.train.X
    centre = 0.5 * (S.mean(axis=0) + T.mean(axis=0))
    spread = np.sqrt(0.5 * (((S - centre) ** 2).mean(axis=0) + ((T - centre) ** 2).mean(axis=0)))
    rng = np.random.default_rng(0)
    theta, psi = (drawn / np.linalg.norm(drawn, axis=0) for drawn in (rng.normal(size=(5, 5)), rng.normal(size=(4, 5))))
    orders = _positive_poisson(rng, np.array([[1.0], [2.0], [3.0]]), 5)
    total = 0.0
    for slice_ in range(5):
        sides = []
        for X, y in ((S, source.rows.labels), (T, task.train.labels)):
            z = np.clip((X - centre) / spread, -3, 3) @ theta[:, slice_]
            numbers = []
            for row, label in zip(z, y, strict=True):
                number = psi[0, slice_] * row
                for j in range(3):
                    order = int(orders[j, slice_])
                    number += psi[j + 1, slice_] * np.mean(z[y == label] ** order) / math.factorial(order)
                numbers.append(number)
            sides.append(np.sort(numbers))
        total += np.mean((sides[0] - sides[1]) ** 2)
    assert found == pytest.approx(math.sqrt(total / 5), abs=1e-9)


def test_a_distance(related: tuple[Task, Source]) -> None:
    """0 for equal sets, whatever the labels are called; larger for growing shifts."""
    task, source = related
    same = replace(source, data=task.train, classes=("x", "z"))
    assert SlicedDatasetDistance().estimate(task, same, Context(seed=0)) == pytest.approx(0.0, abs=1e-9)
    renamed = replace(same, data=replace(task.train, y=1 - task.train.labels))
    assert SlicedDatasetDistance().estimate(task, renamed, Context(seed=0)) == pytest.approx(0.0, abs=1e-9)
    X, y = source.rows.X, source.rows.labels
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    moved = [Source("s", offers, Dataset("s", Modality.FEATURES, X + by, y), ("a", "b")) for by in (0.0, 1.0, 4.0)]
    distances = [SlicedDatasetDistance().estimate(task, other, Context(seed=0)) for other in moved]
    assert all(a < b for a, b in pairwise(distances))


def test_an_outlier_does_not_decide(related: tuple[Task, Source]) -> None:
    """One row of 400, a hundred deviations away: without the cut its fifth moment would be all that is left."""
    task, source = related
    far = source.rows.X.copy()
    far[0] = 100.0
    clean = SlicedDatasetDistance().estimate(task, source, Context(seed=0))
    dirty = SlicedDatasetDistance().estimate(task, replace(source, data=replace(source.rows, inputs=far)), Context())
    assert dirty < clean + 0.5


def test_it_sees_labels(related: tuple[Task, Source]) -> None:
    """Equal rows, labels by lot in the source: the classes are other distributions."""
    task, _ = related
    rng = np.random.default_rng(0)
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    shuffled = Source("s", offers, replace(task.train, y=rng.permutation(task.train.labels)), ("a", "b"))
    assert SlicedDatasetDistance().estimate(task, shuffled, Context(seed=0)) > 0.05
