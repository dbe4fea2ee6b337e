"""Scores as probabilities."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.chain import Chain, Gaussian
from autotransfer_adaptation.kernel_machine import KernelMachine

from autotransfer.scaling import DomainScaler


def test_negative_scores_are_nothing_and_rows_sum_to_one() -> None:
    """p = max(s, 0) / sum; rows far from all anchors get equal probabilities."""
    machine = KernelMachine(
        DomainScaler(None, None), Chain(), Gaussian(np.zeros((1, 2)), 1.0), np.array([[0.6, 0.2, -0.5]])
    )
    found = machine.predict_features(np.array([[0.0, 0.0], [1e3, 0.0]]))
    np.testing.assert_allclose(found, [[0.75, 0.25, 0.0], [1 / 3, 1 / 3, 1 / 3]], atol=1e-6)
    assert machine.predict_features(np.empty((0, 2))).shape == (0, 3)
