"""The second loss by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from autotransfer_finetuning.co_tuning import CoTuning
from autotransfer_finetuning.relationship import learned

from autotransfer.nets.batches import Batch
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


def test_the_loss_adds_the_cross_entropy_of_the_sources_classes(
    problem: ToyProblem, begin: Callable[[ToyProblem], Tuning]
) -> None:
    tuning = begin(problem)
    method = CoTuning(augment="none", weight=0.7)
    method.start(tuning)
    rows, encoder = tuning.rows, problem.source.encoder
    weight, bias = encoder.head()
    z = encoder.fit(problem.task.train).transform(problem.task.train).astype(np.float64)
    told = z @ weight.T + bias
    relation = learned(told, rows.y.numpy(), 3, 0)
    log_p = told - np.log(np.exp(told).sum(axis=1, keepdims=True))
    second = -(relation[rows.y.numpy()] * log_p).sum(axis=1).mean()
    with torch.no_grad():
        found = float(method.loss(tuning)(Batch(((rows.X, rows.y),), 0, 0.0)))
        first = float(rows.loss(tuning.network(rows.X).scores, rows.y))
    assert found == pytest.approx(first + 0.7 * second, rel=1e-4)


def test_the_sources_head_moves_along_and_is_not_kept(
    images: ToyProblem, begin: Callable[[ToyProblem], Tuning]
) -> None:
    tuning = begin(images)
    method = CoTuning()
    method.start(tuning)
    head = tuning.companions["source_head"]
    moving = {id(parameter) for group in method.groups(tuning) for parameter in group.parameters}
    assert {id(parameter) for parameter in head.parameters()} <= moving
    predictor = CoTuning(epochs=1).fit(images.task, images.source, Context())
    assert predictor.arrays["head.weight"].shape == (3, 24)
    assert {name.partition(".")[0] for name in predictor.arrays} == {"head", "backbone"}
