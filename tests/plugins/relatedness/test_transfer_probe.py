"""The probe: its gain, its standard error, its honesty."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.transfer_probe import TransferProbe, probe_gain

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _hard(n: int, kind: str, seed: int) -> tuple[Task, Source]:
    """30 columns, a linear concept with noise, n target rows: few enough that 500 related rows help."""
    rng = np.random.default_rng(seed)
    direction = np.random.default_rng(99).normal(size=30)
    X = rng.normal(size=(n + 500, 30))
    y = (X @ direction + rng.normal(scale=2.0, size=n + 500) > 0).astype(np.int64)
    if kind == "shuffled":
        y[n:] = rng.permutation(y[n:])
    if kind == "reversed":
        y[n:] = 1 - y[n:]
    task = Task(Dataset("t", Modality.FEATURES, X[:n], y[:n]), ("a", "b"))
    return task, Source("s", OFFERS, Dataset("s", Modality.FEATURES, X[n:], y[n:]), ("a", "b"))


def test_gain_from_a_related_source() -> None:
    """The mean over ten samples is clearly above 0, and each stands at most a few errors below 0."""
    results = [probe_gain(*_hard(60, "related", seed), Context(seed=0)) for seed in range(10)]
    assert np.mean([r.mean for r in results]) > 0.08
    assert all(r.mean > -2 * r.standard_error for r in results)


@pytest.mark.parametrize("kind", ["shuffled", "reversed"])
def test_no_gain_from_a_poisoned_source(kind: str) -> None:
    """Labels that say nothing, or the opposite, give no gain on average."""
    means = [probe_gain(*_hard(60, kind, seed), Context(seed=0)).mean for seed in range(10)]
    assert np.mean(means) < 0.02


def test_standard_error_matches_the_scatter_over_rows() -> None:
    """SE(n) falls like 1 / sqrt(n): four times the rows, about half of the error."""
    small = np.mean([probe_gain(*_hard(60, "related", s), Context()).standard_error for s in range(4)])
    large = np.mean([probe_gain(*_hard(240, "related", s), Context()).standard_error for s in range(4)])
    assert 1.4 < small / large < 3.5


def test_values(values) -> None:
    """Relative RMSE reduction: at most 1, above or about 0 for the same slope; and it is the probe's own mean."""
    same, opposite = (probe_gain(*values(slope), Context(seed=0)) for slope in (1.0, -1.0))
    assert -0.05 < same.mean <= 1.0
    assert opposite.mean < same.mean
    assert same.n == 60
    assert TransferProbe().estimate(*values(1.0), Context(seed=0)) == same.mean
    assert 0 < same.standard_error < 0.2


def test_rows_that_all_agree_still_have_an_error(related: tuple[Task, Source]) -> None:
    """The target is its own source and separable: gain 0, but not with certainty."""
    task, _ = related
    twin = Source("twin", OFFERS, task.train, task.classes)
    result = probe_gain(task, twin, Context(seed=0))
    assert result.standard_error >= 1 / 150


def test_too_few_rows_is_nan(related: tuple[Task, Source]) -> None:
    """Four labelled rows make no five folds."""
    task, source = related
    assert math.isnan(probe_gain(replace(task, train=task.train.take(np.arange(4))), source, Context()).mean)


def test_stops_when_the_time_is_spent(related: tuple[Task, Source]) -> None:
    """A deadline in the past ends the probe at its first fold."""
    with pytest.raises(OutOfTimeError):
        probe_gain(*related, Context(deadline=time.monotonic() - 1))
