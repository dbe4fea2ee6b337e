"""A network in training: what is trained with it, and what is kept of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from autotransfer.data import Modality
from autotransfer.nets.evaluation import outputs
from autotransfer.nets.rows import gather
from autotransfer.nets.seeding import reproducible
from autotransfer.nets.trainee import Trainee, begin
from autotransfer.task import Context
from autotransfer.testing.problems import covariate_shift


def new() -> Trainee:
    problem = covariate_shift(Modality.FEATURES)
    with reproducible(0, "cpu"):
        rows = gather(problem.task, problem.source, "cpu")
        return begin(rows, rows.spec(8), Context(seed=0))


def test_what_a_loss_adds_is_trained_and_not_kept() -> None:
    """Its parameters are among those of ``modules``; the predictor's arrays are the network's alone."""
    trainee = new()
    added = trainee.add(nn.Linear(8, 3))
    trained = {id(parameter) for parameter in trainee.modules.parameters()}
    assert {id(parameter) for parameter in added.parameters()} <= trained
    assert set(trainee.predictor().arrays) == set(trainee.network.state_dict())


def test_the_predictor_says_what_the_network_says() -> None:
    """Softmax of the scores on the target's rows."""
    trainee = new()
    scores = outputs(trainee.network.eval(), trainee.rows.T).scores
    train = covariate_shift(Modality.FEATURES).task.train
    expected = torch.softmax(scores[: len(train)], dim=1).numpy()
    np.testing.assert_allclose(trainee.predictor().predict(train.without_labels()), expected, atol=1e-6)
