"""MMD against the double sums of its definition."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from autotransfer_relatedness.mmd import MaximumMeanDiscrepancy
from autotransfer_relatedness.rows import unlabeled_pair
from scipy.spatial.distance import cdist, pdist

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


def test_equals_the_definition(shifted: tuple[Task, Source]) -> None:
    """mean_{i≠j} k(s_i,s_j) + mean_{i≠j} k(t_i,t_j) - 2 mean k(s_i,t_j), five exponentials written out."""
    S, T = unlabeled_pair(*shifted, Context(seed=0), cap=2000, dims=512)
    median = np.median(pdist(np.concatenate([S, T]), "sqeuclidean"))

    def kernel(A, B):
        return np.mean([np.exp(-cdist(A, B, "sqeuclidean") / (b * median)) for b in (0.25, 0.5, 1, 2, 4)], axis=0)

    ss, tt = kernel(S, S), kernel(T, T)
    np.fill_diagonal(ss, 0.0)
    np.fill_diagonal(tt, 0.0)
    m, n = len(S), len(T)
    expected = ss.sum() / (m * (m - 1)) + tt.sum() / (n * (n - 1)) - 2 * kernel(S, T).mean()
    assert MaximumMeanDiscrepancy().estimate(*shifted, Context(seed=0)) == pytest.approx(expected, rel=1e-9)


def test_larger_for_larger_shifts(related: tuple[Task, Source], shifted: tuple[Task, Source]) -> None:
    """About 0 for one distribution, above it for two."""
    near, far = (MaximumMeanDiscrepancy().estimate(*pair, Context(seed=0)) for pair in (related, shifted))
    assert abs(near) < 0.01
    assert far > 0.1


def test_unbiased_under_the_null(related: tuple[Task, Source]) -> None:
    """E MMD^2 = 0 when both sides are halves of one sample: the mean over random halves is about 0, of both signs."""
    task, source = related
    X = source.rows.X
    values = []
    for seed in range(30):
        order = np.random.default_rng(seed).permutation(len(X))
        mine = replace(task, train=replace(task.train, inputs=X[order[:100]], y=np.zeros(100, np.int64)))
        theirs = replace(source, data=source.rows.take(order[100:200]))
        values.append(MaximumMeanDiscrepancy().estimate(mine, theirs, Context(seed=0)))
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(30)


def test_monotone_in_the_shift() -> None:
    """Growing shifts give growing values."""

    X = np.random.default_rng(0).normal(size=(300, 2))
    task = Task(Dataset("t", Modality.FEATURES, X[:100]), None)
    values = [
        MaximumMeanDiscrepancy().estimate(
            task, Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, X[100:] + shift)), Context(seed=0)
        )
        for shift in (0.0, 0.5, 1.0, 2.0)
    ]
    assert all(a < b for a, b in pairwise(values))


def test_the_operator_runs_where_pytorch_is_loaded(
    shifted: tuple[Task, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It computes the value, once; without PyTorch the same comes from NumPy, and PyTorch stays unloaded."""
    from torch.utils._python_dispatch import TorchDispatchMode

    seen = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, op, types, args=(), kwargs=None):
            seen.append(str(op))
            return op(*args, **(kwargs or {}))

    with Watch():
        value = MaximumMeanDiscrepancy().estimate(*shifted, Context(seed=0))
    assert seen.count("autotransfer.mmd2.default") == 1
    monkeypatch.delitem(sys.modules, "torch")
    assert MaximumMeanDiscrepancy().estimate(*shifted, Context(seed=0)) == pytest.approx(value, rel=1e-9)
    assert "torch" not in sys.modules
