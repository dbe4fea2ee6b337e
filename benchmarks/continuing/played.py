"""A method takes a stream of tasks; after each of them it is asked about all."""

from __future__ import annotations

from typing import Any

import numpy as np
from autotransfer_continual.course import Course, Scenario
from autotransfer_continual.learner import Learner
from autotransfer_continual.method import ContinualMethod

from autotransfer.data import Array
from autotransfer.nets import MlpSpec, NetworkSpec, Plan
from autotransfer.task import Context
from benchmarks.continuing.streams import Stream


def play(method: ContinualMethod, stream: Stream, scenario: Scenario, seed: int) -> Array:
    """Accuracies (tasks + 1, tasks): row i after the first i tasks, column j on task j's test rows."""
    from autotransfer.nets.seeding import reproducible

    course = stream.course(scenario)
    with reproducible(seed, "cpu"):
        learner = method.learner(course, backbone(stream, method.width), Context(seed))
        found = [_accuracies(learner, stream)]
        for index, lesson in enumerate(course.lessons):
            learner.learn(index, method.plan(len(lesson.y)))
            found.append(_accuracies(learner, stream))
    return np.array(found)


def backbone(stream: Stream, width: int) -> MlpSpec:
    """The methods' own network, two hidden layers without batch normalisation."""
    return MlpSpec(stream.width, (width, width), norm="none")


def _accuracies(learner: Learner[Any], stream: Stream) -> list[float]:
    import torch

    found = []
    for index, (part, lesson) in enumerate(zip(stream.tested, learner.course.lessons, strict=True)):
        said = learner.scores(torch.from_numpy(part.X), index).argmax(axis=1) - lesson.first
        found.append(float(np.mean(said == part.y)))
    return found


def joint(method: ContinualMethod, stream: Stream, scenario: Scenario, seed: int) -> list[float]:
    """Accuracies of the same network trained on all tasks at once, in as many steps: what nothing is lost against."""
    from autotransfer.nets.seeding import reproducible

    course = stream.course(scenario)
    with reproducible(seed, "cpu"):
        learner = _together(method, course, backbone(stream, method.width), Context(seed))
    return _accuracies(learner, stream)


def _together(method: ContinualMethod, course: Course, spec: MlpSpec, ctx: Context) -> Learner[Any]:
    import torch
    from autotransfer_continual.learner import NetworkLearner
    from autotransfer_continual.pupil import Pupil
    from autotransfer_continual.strategy import Plain
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Turn, train

    network = NetworkSpec(spec, course.outputs)
    pupil = Pupil(network.build(), course, ctx, now=len(course.lessons) - 1)
    parts = [(lesson.X, lesson.y, torch.full_like(lesson.y, index)) for index, lesson in enumerate(course.lessons)]
    rows = tuple(torch.cat(part) for part in zip(*parts, strict=True))

    def loss(batch: Batch) -> Tensor:
        X, y, lessons = batch.parts[0]
        return pupil.loss(pupil.scores(X), y, lessons)

    steps = sum(method.plan(len(lesson.y)).steps(len(lesson.y)) for lesson in course.lessons)
    plan = Plan(steps, rate=method.rate, most_steps=steps)
    train(pupil.network, [Turn(loss, [Group(pupil.parameters)])], [rows], plan, ctx)
    return NetworkLearner(Plain(pupil), network)
