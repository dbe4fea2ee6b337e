"""What learners say of rows, whatever they have learned so far."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.learner import Learner
from autotransfer_continual.progressive_networks import ProgressiveNetworks
from autotransfer_continual.sequential_fine_tuning import SequentialFineTuning

from autotransfer.nets import MlpSpec, Plan
from autotransfer.task import Context

BACKBONE = MlpSpec(4, (8, 8), norm="none")


@pytest.fixture(params=["network", "columns"])
def learner(request, make_course) -> Learner:
    course = make_course(Scenario.TASK)
    if request.param == "columns":
        return ProgressiveNetworks(width=8).learner(course, BACKBONE, Context())
    return SequentialFineTuning().learner(course, BACKBONE, Context())


def test_told_which_task_only_its_own_outputs_have_scores(learner) -> None:
    """Before and after learning: (n, outputs), -inf outside of the lesson's span."""
    X = learner.course.lessons[0].X
    for learned in (False, True):
        if learned:
            learner.learn(0, Plan(epochs=2))
        for index in range(2):
            found = learner.scores(X, index)
            assert found.shape == (12, 6)
            assert np.isfinite(found[:, 3 * index : 3 * index + 3]).all()
            assert (np.delete(found, range(3 * index, 3 * index + 3), axis=1) == -np.inf).all()


def test_what_is_not_yet_learned_is_a_guess_of_a_new_column(make_course) -> None:
    learner = ProgressiveNetworks(width=8).learner(make_course(Scenario.TASK), BACKBONE, Context())
    assert (learner.scores(torch.zeros(2, 4), 1)[:, 3:] == 0).all()


def test_the_judge_is_the_accuracy_on_the_last_lesson(learner) -> None:
    for index in range(2):
        learner.learn(index, Plan(epochs=60, rate=0.02))
    last = learner.course.lessons[1]
    held = (last.X, last.y.numpy() - 3)
    judge = learner.judge(held)
    assert judge is not None
    found = learner.scores(last.X, 1).argmax(axis=1) == last.y.numpy()
    assert judge() == found.mean()
    assert learner.judge(None) is None
