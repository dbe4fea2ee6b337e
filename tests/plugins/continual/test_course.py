"""Which outputs compete in each scenario, and the lessons that a problem makes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario, course_of

from autotransfer.nets.rows import gather
from autotransfer.testing.problems import ToyProblem, toy_problems


def problem(name: str) -> ToyProblem:
    return next(toy for toy in toy_problems() if toy.name == name)


@pytest.mark.parametrize(
    ("scenario", "now", "expected"),
    [
        (Scenario.TASK, 0, [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]]),
        (Scenario.TASK, 2, [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]]),
        (Scenario.CLASS, 0, [[1, 1, 0, 0, 0, 0]] * 3),
        (Scenario.CLASS, 1, [[1, 1, 1, 1, 0, 0]] * 3),
        (Scenario.CLASS, 2, [[1, 1, 1, 1, 1, 1]] * 3),
        (Scenario.DOMAIN, 0, [[1, 1]] * 3),
    ],
)
def test_outputs_that_compete(make_course, scenario, now, expected) -> None:
    """Told: the task's own; not told: those of all tasks so far; the same classes: all."""
    found = make_course(scenario, lessons=3, classes=2).visible(now)
    assert torch.equal(found, torch.tensor(expected, dtype=torch.bool))


def test_a_source_with_the_targets_classes_shares_its_outputs() -> None:
    toy = problem("rotation_shift")
    found = course_of(gather(toy.task, toy.source, "cpu"), toy.source, told=True)
    assert found.scenario is Scenario.DOMAIN
    assert found.outputs == 3
    assert [(part.first, part.last, len(part.y)) for part in found.lessons] == [(0, 3, 201), (0, 3, 60)]


def test_each_domain_of_a_pooled_source_is_a_lesson_of_its_own() -> None:
    toy = problem("multi_source")
    found = course_of(gather(toy.task, toy.source, "cpu"), toy.source, told=True)
    assert [len(part.y) for part in found.lessons] == [69, 69, 69, 60]


@pytest.mark.parametrize("told", [True, False])
def test_other_classes_get_outputs_of_their_own_the_source_s_first(told: bool) -> None:
    toy = problem("disjoint_classes")
    found = course_of(gather(toy.task, toy.source, "cpu"), toy.source, told=told)
    assert found.scenario is (Scenario.TASK if told else Scenario.CLASS)
    assert [(part.first, part.last) for part in found.lessons] == [(0, 4), (4, 7)]
    np.testing.assert_array_equal(found.lessons[1].y.numpy(), toy.task.train.labels + 4)
