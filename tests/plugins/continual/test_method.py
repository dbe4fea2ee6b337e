"""Whole fits: every method learns the target; each keeps its source as far as its kind can."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_continual import transfer_methods
from autotransfer_continual.experience_replay import ExperienceReplay
from autotransfer_continual.learning_without_forgetting import LearningWithoutForgetting
from autotransfer_continual.predictor import ContinualPredictor, among
from autotransfer_continual.progressive_networks import ProgressiveNetworks
from autotransfer_continual.sequential_fine_tuning import SequentialFineTuning

from autotransfer.data import Dataset, Modality
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer.testing.problems import ToyProblem, toy_problems


def accuracy(model: Predictor, rows: Dataset) -> float:
    return float(np.mean(model.predict(rows).argmax(axis=1) == rows.labels))


def problem(name: str) -> ToyProblem:
    return next(toy for toy in toy_problems() if toy.name == name)


def clash() -> tuple[Task, Source]:
    """The target says the opposite of the source about rows elsewhere: a network without room forgets."""
    toy = problem("poisoned")
    return toy.task, toy.source


def test_what_opposes_the_source_is_forgotten_and_replay_keeps_more() -> None:
    """The target's classes are the source's the other way round, in part of the space: sequential fine-tuning ends
    below half on the source, replay and distillation far above it."""
    task, source = clash()
    kept = {}
    for method in (SequentialFineTuning(), ExperienceReplay(), LearningWithoutForgetting()):
        (one,) = method.fit(task, source, Context()).recollections()
        assert accuracy(one.before, source.rows) > 0.9
        kept[method.name] = accuracy(one.after, source.rows)
    assert kept["sequential_fine_tuning"] < 0.5
    assert kept["experience_replay"] > kept["sequential_fine_tuning"] + 0.3
    assert kept["learning_without_forgetting"] > kept["sequential_fine_tuning"] + 0.3


def test_a_column_cannot_forget() -> None:
    task, source = clash()
    (one,) = ProgressiveNetworks().fit(task, source, Context()).recollections()
    np.testing.assert_array_equal(one.before.predict(source.rows), one.after.predict(source.rows))


@pytest.mark.parametrize("told", [True, False])
def test_other_classes_are_recalled_told_and_not_told(told: bool) -> None:
    toy = problem("disjoint_classes")
    (one,) = ExperienceReplay(told=told).fit(toy.task, toy.source, Context()).recollections()
    assert one.scenario == ("task-incremental" if told else "class-incremental")
    assert one.before.predict(toy.source.rows).shape == (200, 4)
    assert one.untold.predict(toy.source.rows).shape == (200, 7)
    assert accuracy(one.after, toy.source.rows) > 0.9


def test_each_domain_is_recalled() -> None:
    toy = problem("multi_source")
    found = SequentialFineTuning().fit(toy.task, toy.source, Context())
    assert len(found.recollections()) == 3
    assert [one.untold for one in found.recollections()] == [None] * 3
    assert found.for_source() is found


def test_raw_images_go_through_a_convolution_without_batch_statistics() -> None:
    rng = np.random.default_rng(0)
    images, y = rng.integers(0, 255, (24, 28, 28), dtype=np.uint8), np.arange(24) % 2
    rows = Dataset("rows", Modality.IMAGE, images, y)
    toy = problem("covariate_shift")
    source = Source("there", toy.source.offers, rows, ("no", "yes"))
    found = SequentialFineTuning(epochs=1).fit(Task(rows, ("no", "yes")), source, Context())
    assert found.network.spec.backbone.kind == "conv"
    assert not any("running" in name for name in found.network.arrays)


def test_a_saved_model_still_answers_for_its_source() -> None:
    toy = problem("disjoint_classes")
    found = ExperienceReplay().fit(toy.task, toy.source, Context())
    again = ContinualPredictor.restore(found.state())
    assert again.recollections() == ()
    there = again.for_source()
    np.testing.assert_allclose(there.predict(toy.source.rows), found.for_source().predict(toy.source.rows))
    third = type(there).restore(there.state())
    np.testing.assert_allclose(third.predict(toy.source.rows), there.predict(toy.source.rows))


def test_probabilities_are_among_the_asked_outputs() -> None:
    """softmax of a part of the columns; no row is no error."""
    scores = np.array([[5.0, 1.0, 2.0], [0.0, 3.0, 3.0]])
    expected = np.exp(scores[:, 1:]) / np.exp(scores[:, 1:]).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(among(scores, (1, 3)), expected)
    assert among(scores[:0], (1, 3)).shape == (0, 2)


def test_all_of_them_keep() -> None:
    assert all(method.keeps and method.takes_source() for method in transfer_methods())
