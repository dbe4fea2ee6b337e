"""Students of models that can only be asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_distillation.model_compression import ModelCompression, head_answers

from autotransfer.assets import Asset
from autotransfer.errors import TrainingError
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source


class Says(Predictor):
    """Probabilities by the words of a text; remembers how many rows it was asked for."""

    asked: int = 0

    def predict(self, data):
        self.asked += len(data)
        counts = np.array([[text.count(f"more{c}") for c in (2, 0, 1)] for text in data.inputs], float)
        weights = np.exp(2.0 * counts)
        return weights / weights.sum(axis=1, keepdims=True)

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        return cls()


def model(classes: tuple[str, ...] | None, head: Predictor | None = None) -> Source:
    return Source("run", Asset.SOURCE_HEAD, classes=classes, head=head or Says())


def test_answers_stand_in_the_order_of_the_targets_classes(texts) -> None:
    """Log-probabilities of all rows, labelled ones first; the head names classes in an order of its own."""
    task, head = texts.task, Says()
    classes = (task.classes[2], task.classes[0], task.classes[1])
    scores, shared = head_answers(task, model(classes, head))
    rows = np.concatenate([task.train.inputs, task.unlabeled.inputs])
    p = Says().predict(replace(task.train, inputs=rows, y=None))
    assert shared
    assert head.asked == len(rows)
    np.testing.assert_allclose(scores, np.log(np.maximum(p[:, [1, 2, 0]], 1e-6)), rtol=1e-5)


def test_the_student_agrees_with_the_model_not_with_wrong_labels(texts) -> None:
    """Labels by lot, and no weight on them: predictions are the model's on rows that nobody saw."""
    task, classes = texts.task, texts.task.classes
    wrong = replace(task, train=replace(task.train, y=np.random.default_rng(0).permutation(task.train.labels)))
    found = ModelCompression(label_share=0.0, epochs=40).fit(wrong, model(classes), Context())
    told = Says().predict(texts.test.without_labels()).argmax(axis=1)
    assert np.mean(found.predict(texts.test.without_labels()).argmax(axis=1) == told) > 0.7


def test_answers_for_other_classes_are_learned_beside(texts) -> None:
    """The student still predicts the target's classes, and another teacher makes another student."""
    source = model(("x", "y", "z"))
    assert head_answers(texts.task, source)[1] is False
    fits = [ModelCompression(epochs=5).fit(texts.task, source, Context()).predict(texts.test) for _ in range(2)]
    np.testing.assert_array_equal(*fits)
    assert fits[0].shape == (len(texts.test), 3)


def test_a_model_of_values_is_refused(texts) -> None:
    with pytest.raises(TrainingError, match="predicts values"):
        ModelCompression().fit(texts.task, model(None), Context())
