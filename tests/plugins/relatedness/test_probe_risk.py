"""The probe's risk is the normal tail of the probe's own mean and standard error."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.probe_risk import ProbeRisk
from autotransfer_relatedness.transfer_probe import probe_gain
from scipy.stats import norm

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task

BRINGS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def problem(flip: bool) -> tuple[Task, Source]:
    """40 noisy target rows and 300 source rows of one linear concept; ``flip`` exchanges the source's labels."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((340, 8))
    y = (X[:, 0] + 0.8 * rng.standard_normal(340) > 0).astype(np.int64)
    target = Dataset("t", Modality.FEATURES, X[:40], y[:40])
    source = Dataset("s", Modality.FEATURES, X[40:], 1 - y[40:] if flip else y[40:])
    return Task(target, ("a", "b")), Source("s", BRINGS, source, ("a", "b"))


def test_it_is_the_normal_tail() -> None:
    """risk = Phi(-mean / se)."""
    task, source = problem(flip=False)
    probe = probe_gain(task, source, Context())
    expected = norm.cdf(-probe.mean / probe.standard_error)
    assert ProbeRisk().estimate(task, source, Context()) == pytest.approx(expected, abs=1e-12)


def test_flipped_labels_are_riskier() -> None:
    """P(gain < 0) is larger for a source whose labels are exchanged than for the same source as it is."""
    right, wrong = (ProbeRisk().estimate(*problem(flip), Context()) for flip in (False, True))
    assert 0.0 <= right < 0.5 < wrong <= 1.0


def test_too_few_rows_have_no_risk() -> None:
    """Where the probe is undefined, so is its tail: NaN."""
    task, source = problem(flip=False)
    tiny = Task(task.train.take(np.arange(3)), task.classes)
    assert np.isnan(ProbeRisk().estimate(tiny, source, Context()))
