"""Minimum class confusion against its formula, and at its two ends."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.mcc import MinimumClassConfusion, class_confusion
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.task import Context


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_the_loss_equals_the_papers_formula(temperature: float) -> None:
    """Loops over rows and classes in double precision; the weights W_ii = n (1 + e^-H_i) / sum (1 + e^-H)."""
    scores = np.random.default_rng(0).normal(0, 3, (11, 4))
    p = np.exp(scores / temperature)
    p /= p.sum(axis=1, keepdims=True)
    w = 1 + np.exp((p * np.log(p)).sum(axis=1))
    w *= len(w) / w.sum()
    C = np.zeros((4, 4))
    for i in range(11):
        C += w[i] * np.outer(p[i], p[i])
    C /= C.sum(axis=1, keepdims=True)
    expected = (C.sum() - np.trace(C)) / 4
    assert float(class_confusion(torch.tensor(scores), temperature)) == pytest.approx(expected, rel=1e-6)


def test_sure_predictions_confuse_nothing_and_uniform_ones_everything() -> None:
    """0, and 1 - 1 / C."""
    assert float(class_confusion(100 * torch.eye(5, dtype=torch.float64), 1.0)) == pytest.approx(0, abs=1e-9)
    assert float(class_confusion(torch.zeros(7, 5, dtype=torch.float64), 1.0)) == pytest.approx(0.8)


def test_training_leaves_less_confusion_on_the_target(turned) -> None:
    """On rows that it has not seen."""
    task, source, test = turned()
    plain, found = (
        float(class_confusion(torch.tensor(method.fit(task, source, Context()).scores(test)), 1.0))
        for method in (SourceNetwork(), MinimumClassConfusion())
    )
    assert found < plain
