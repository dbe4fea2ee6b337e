"""Every method on two toy languages; without the bridge, without labels, with everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_crosslingual import transfer_methods
from autotransfer_crosslingual.aligned import language_texts
from autotransfer_crosslingual.bilingual import row_weights
from autotransfer_crosslingual.cca_alignment import CcaAlignment
from autotransfer_crosslingual.command_translate_train import CommandTranslateTrain
from autotransfer_crosslingual.cross_lingual_lsi import joint_readers
from autotransfer_crosslingual.predictor import TextPredictor
from autotransfer_crosslingual.procrustes_alignment import ProcrustesAlignment
from autotransfer_crosslingual.self_learning_alignment import SelfLearningAlignment
from autotransfer_crosslingual.translate_test import TranslateTest
from autotransfer_crosslingual.translate_train import TranslateTrain

from autotransfer.bridge import Bridge, no_pairs
from autotransfer.errors import TrainingError
from autotransfer.task import Context

ALIGNED = (ProcrustesAlignment, SelfLearningAlignment, CcaAlignment)


def accuracy(predictor, data) -> float:
    return float((predictor.predict(data.without_labels()).argmax(axis=1) == data.labels).mean())


@pytest.mark.parametrize("method", transfer_methods(), ids=lambda method: method.name)
def test_zero_shot_knows_both_languages(toy, method) -> None:
    """Without a target label; one word in six is the same in both languages, chance is a third."""
    task = replace(toy.task, train=toy.task.train.take(np.arange(0)))
    predictor = method().fit(task, toy.source, Context())
    assert accuracy(predictor, toy.test) > 0.75
    assert accuracy(predictor.for_source(), toy.source.rows) > 0.8
    assert predictor.represent(toy.test).shape[0] == len(toy.test)


@pytest.mark.parametrize("method", [TranslateTrain, TranslateTest], ids=lambda method: method.name)
def test_a_dictionary_alone_is_enough_to_translate(toy, method) -> None:
    task = replace(toy.task, train=toy.task.train.take(np.arange(0)), bridge=Bridge(no_pairs(), toy.task.bridge.words))
    assert accuracy(method().fit(task, toy.source, Context()), toy.test) > 0.6


@pytest.mark.parametrize("method", ALIGNED, ids=lambda method: method.name)
def test_words_written_alike_are_enough_to_align(toy, method) -> None:
    """A reference without any alignment: a model of those words alone."""
    task = replace(toy.task, bridge=None)
    predictor = method().fit(task, toy.source, Context())
    assert accuracy(predictor, toy.test) > 0.5


@pytest.mark.parametrize("method", ALIGNED, ids=lambda method: method.name)
def test_languages_without_a_common_word_are_refused_in_words(toy, method) -> None:
    texts = np.array([text.replace("name", "имя") for text in toy.source.rows.inputs], dtype=object)
    source = replace(toy.source, data=replace(toy.source.rows, inputs=texts))
    with pytest.raises(TrainingError, match="--dictionary"):
        method().fit(replace(toy.task, bridge=None), source, Context())


def test_weights_have_mean_one_and_the_ratio_that_was_asked_for() -> None:
    weights = row_weights(10, 40, 3.0)
    assert weights.mean() == pytest.approx(1)
    assert weights[:10].sum() == pytest.approx(3 * weights[10:].sum())
    assert row_weights(0, 3, 3.0).tolist() == [1, 1, 1]


def test_a_few_labelled_rows_change_no_vectors(toy) -> None:
    """So that every fold of a cross-validation shares them."""
    few = replace(toy.task, train=toy.task.train.take(np.arange(5)))
    none = replace(toy.task, train=toy.task.train.take(np.arange(0)))
    assert language_texts(few, toy.source) == language_texts(none, toy.source)
    assert language_texts(toy.task, toy.source)[1] != language_texts(none, toy.source)[1]


def test_the_joint_space_is_remembered(toy) -> None:
    assert joint_readers(toy.task.bridge, 10) is joint_readers(toy.task.bridge, 10)


def test_a_saved_model_keeps_no_translations(toy) -> None:
    predictor = CommandTranslateTrain().fit(toy.task, toy.source, Context())
    state = predictor.state()
    assert set(state) == {"reader", "model"}
    assert "translated" not in state["reader"]
    again = TextPredictor.restore(state)
    np.testing.assert_array_equal(again.predict(toy.test), predictor.predict(toy.test))
    assert again.for_source() is again
