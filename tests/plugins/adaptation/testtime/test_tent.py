"""TENT lowers the entropy, by scales and shifts alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.testtime.batch_norm_statistics import BatchNormStatistics
from autotransfer_adaptation.testtime.tent import Tent, mean_entropy

from autotransfer.data import Dataset
from autotransfer.nets.predictor import NetworkPredictor
from autotransfer.task import Context


def test_the_loss_is_the_entropy() -> None:
    """-sum p log p in double precision; log C for equal scores, 0 for sure ones without NaN."""
    scores = np.random.default_rng(0).normal(0, 2, (8, 5))
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert float(mean_entropy(torch.tensor(scores))) == pytest.approx(-(p * np.log(p)).sum(axis=1).mean())
    assert float(mean_entropy(torch.zeros(3, 7))) == pytest.approx(np.log(7))
    assert float(mean_entropy(1e4 * torch.eye(3))) == 0.0


def entropy(model: NetworkPredictor, rows: Dataset) -> float:
    return float(mean_entropy(torch.tensor(model.scores(rows))))


def test_entropy_falls_with_passes(corrupted) -> None:
    """On rows that it has not seen; compared with target statistics alone, which is where it starts."""
    task, source, test = corrupted
    start = entropy(BatchNormStatistics(prior_rows=0.0).fit(task, source, Context()), test)
    few, many = (entropy(Tent(passes=n).fit(task, source, Context()), test) for n in (1, 10))
    assert many < few < start


def test_only_batch_normalisation_moves(corrupted, trained) -> None:
    """Weights of linear layers are the trained ones; scales and shifts are not."""
    before = {name: tensor.clone() for name, tensor in trained.network.named_parameters()}
    Tent(passes=2).adjust(trained)
    for name, tensor in trained.network.named_parameters():
        assert torch.equal(tensor, before[name]) is (name.split(".")[1] not in ("1", "4")), name
    assert not trained.network.training
