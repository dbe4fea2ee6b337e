"""Plain fine-tuning is what the base does."""

from __future__ import annotations

import numpy as np
from autotransfer_finetuning.fine_tuning import FineTuning

from autotransfer.data import Modality
from autotransfer.nets import Cosine
from autotransfer.task import Context
from autotransfer.testing.problems import trainable


def test_the_rate_warms_up_and_falls_to_nothing() -> None:
    schedule = FineTuning().plan().schedule
    assert schedule == Cosine()
    factors = [schedule.factor(progress) for progress in (0.0, 0.05, 0.1, 0.55, 1.0)]
    np.testing.assert_allclose(factors, [0.0, 0.5, 1.0, 0.5, 0.0], atol=1e-12)


def test_it_is_better_than_chance_with_five_rows_a_class() -> None:
    problem = trainable(Modality.IMAGE)
    y = problem.task.train.labels
    few = np.concatenate([np.flatnonzero(y == k)[:5] for k in range(3)])
    task = type(problem.task)(problem.task.train.take(few), problem.task.classes)
    found = FineTuning(epochs=40).fit(task, problem.source, Context()).predict(problem.test)
    assert np.mean(found.argmax(axis=1) == problem.test.labels) > 0.45
