"""Small courses and pupils that the tests of this family share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from autotransfer_continual.course import Course, Lesson, Scenario
from autotransfer_continual.pupil import Pupil
from torch import nn

from autotransfer.nets.network import Network
from autotransfer.task import Context


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """Torch's generator starts from 0 and is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        yield


def course(scenario: Scenario = Scenario.TASK, lessons: int = 2, rows: int = 12, classes: int = 3) -> Course:
    """Random rows of four columns, each class in each lesson."""
    apart = scenario is not Scenario.DOMAIN
    found = []
    for index in range(lessons):
        first = index * classes if apart else 0
        y = first + torch.arange(rows) % classes
        found.append(Lesson(torch.randn(rows, 4), y, first, first + classes))
    return Course(tuple(found), scenario)


@pytest.fixture
def make_course() -> Callable[..., Course]:
    return course


@pytest.fixture
def make_pupil() -> Callable[[Course], Pupil]:
    """A pupil whose network is one linear layer: scores are W x + b."""

    def made(given: Course) -> Pupil:
        return Pupil(Network(nn.Identity(), [nn.Linear(4, given.outputs)]), given, Context())

    return made
