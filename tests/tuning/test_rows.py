"""Rows as tensors, and the rows that are put aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem, large, trainable
from autotransfer.tuning.rows import SPARE, gather


def test_classes_stay_and_images_are_known(problem: ToyProblem) -> None:
    rows = gather(problem.task, problem.source.encoder, Context())
    np.testing.assert_array_equal(rows.y, problem.task.train.labels)
    assert torch.equal(rows.X, problem.source.encoder.prepare(problem.task.train))
    assert rows.images is (problem.task.train.modality is Modality.IMAGE)
    assert (rows.n_classes, rows.n_outputs, rows.level, rows.spread) == (3, 3, 0.0, 1.0)
    assert rows.validation is None


def test_values_are_standardised_and_validated_as_given(values: ToyProblem) -> None:
    rows = gather(values.task, values.source.encoder, Context())
    assert float(rows.y.mean()) == pytest.approx(0, abs=1e-5)
    assert float(rows.y.std(unbiased=False)) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(rows.y.numpy() * rows.spread + rows.level, values.task.train.labels, rtol=1e-4)
    np.testing.assert_array_equal(rows.validation[1], values.task.validation.labels)
    scores = torch.zeros(len(rows.y), 1)
    assert float(rows.loss(scores, rows.y)) == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_tenth_of_many_rows_is_put_aside(missing: int) -> None:
    """From ``SPARE`` rows on, none twice and none lost."""
    problem = large(Modality.IMAGE, regression=False)
    train = problem.task.train.take(np.arange(SPARE - missing))
    encoder = trainable(Modality.IMAGE).source.encoder
    rows = gather(replace(problem.task, train=train, validation=None), encoder, Context())
    if missing:
        assert rows.validation is None
        return
    assert (len(rows.y), len(rows.validation[1])) == (450, 50)
    y = np.concatenate([rows.y, rows.validation[1]])
    assert np.bincount(y).tolist() == np.bincount(train.labels).tolist()
