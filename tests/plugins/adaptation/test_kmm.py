"""Kernel mean matching."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.kmm import KernelMeanMatching

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _problem(m: int) -> tuple[Task, Source, Dataset]:
    """y = x^3 - x, the source spread widely, the target in the middle: a line fits only where it is fitted."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(0.5, 0.5, size=(m, 1)), rng.normal(0.0, 0.3, size=(200, 1))
    task = Task(Dataset("t", Modality.FEATURES, T[:0]), None, unlabeled=Dataset("u", Modality.FEATURES, T))
    source = Source("s", OFFERS, Dataset("s", Modality.FEATURES, S, S[:, 0] ** 3 - S[:, 0]))
    return task, source, Dataset("test", Modality.FEATURES, T, T[:, 0] ** 3 - T[:, 0])


def test_corrects_a_misspecified_linear_model() -> None:
    """Weights concentrate where the target is: less than half of the error without target rows, in batches too."""
    for m in (400, 1500):
        task, source, test = _problem(m)
        blind = Task(task.train, None)
        errors = [
            np.mean((KernelMeanMatching().fit(t, source, Context(seed=0)).predict(test) - test.labels) ** 2)
            for t in (blind, task)
        ]
        assert errors[1] < 0.5 * errors[0]


def test_effective_sample_size_is_reported() -> None:
    """Between 1 and m, and m where there is no target row to match."""
    task, source, _ = _problem(400)
    fitted = KernelMeanMatching().fit(task, source, Context(seed=0))
    assert 1 <= fitted.diagnostics["effective_sample_size"] < 400
    blind = KernelMeanMatching().fit(Task(task.train, None), source, Context(seed=0))
    assert blind.diagnostics["effective_sample_size"] == 400
