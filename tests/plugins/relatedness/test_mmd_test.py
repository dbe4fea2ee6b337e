"""The permutation test as an estimator: standardised under the null, large under a shift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.mmd_test import MmdTest

from autotransfer.task import Context, Source, Task


def test_large_for_a_shift_and_not_without(related: tuple[Task, Source], shifted: tuple[Task, Source]) -> None:
    """Far beyond every split, or among them."""
    assert MmdTest().estimate(*shifted, Context(seed=0)) > 20
    assert abs(MmdTest().estimate(*related, Context(seed=0))) < 4


def test_standardised_under_the_null(related: tuple[Task, Source]) -> None:
    """Both sides are random parts of one sample: mean 0 and standard deviation 1, within their errors."""
    task, source = related
    X = source.rows.X
    found = []
    for seed in range(150):
        order = np.random.default_rng(seed).permutation(len(X))
        mine = replace(task, train=replace(task.train, inputs=X[order[:30]], y=np.zeros(30, np.int64)))
        theirs = replace(source, data=source.rows.take(order[30:60]))
        found.append(MmdTest(permutations=99).estimate(mine, theirs, Context(seed=seed)))
    assert abs(np.mean(found)) < 3 / np.sqrt(150)
    assert np.std(found) == pytest.approx(1, abs=0.3)


def test_the_fused_operator_runs(shifted: tuple[Task, Source]) -> None:
    """Once: all splits share one pass over the kernel matrix."""
    from torch.utils._python_dispatch import TorchDispatchMode

    seen = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, op, types, args=(), kwargs=None):
            seen.append(str(op))
            return op(*args, **(kwargs or {}))

    with Watch():
        MmdTest().estimate(*shifted, Context(seed=0))
    assert seen.count("autotransfer.mmd_permutations.default") == 1


def test_too_few_rows_and_constant_ones(related: tuple[Task, Source]) -> None:
    """NaN, and 0: equal rows show no difference."""
    task, source = related
    one = replace(source, data=source.rows.take(np.arange(1)))
    assert np.isnan(MmdTest().estimate(task, one, Context(seed=0)))
    flat = [replace(data, inputs=np.zeros_like(data.X)) for data in (task.train, source.rows)]
    same = replace(task, train=flat[0]), replace(source, data=flat[1])
    assert MmdTest().estimate(*same, Context(seed=0)) == 0.0
