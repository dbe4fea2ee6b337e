"""Black box shift estimation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.bbse import Bbse, class_ratios
from autotransfer_adaptation.label_shift import Outputs

from autotransfer.task import Context


def test_ratios_are_exact_where_confusion_is() -> None:
    """q made as C w exactly, for w = (0.5, 1.5, 1): solved back."""
    y = np.repeat([0, 1, 2], 100)
    predicted = np.where(np.arange(300) % 10 == 0, (y + 1) % 3, y)
    w = np.array([0.5, 1.5, 1.0])
    target = np.concatenate([np.tile(predicted[y == c], int(2 * w[c])) for c in range(3)])
    found = class_ratios(Outputs(np.eye(3)[predicted], y, np.eye(3)[target]))
    np.testing.assert_allclose(found, w, atol=1e-9)


def test_a_class_that_the_source_lacks_has_no_ratio() -> None:
    """A singular confusion matrix: finite, not negative, 0 for the absent class."""
    y = np.repeat([0, 1], 50)
    found = class_ratios(Outputs(np.eye(3)[y], y, np.eye(3)[np.repeat([0, 1], [10, 30])]))
    np.testing.assert_allclose(found, [0.5, 1.5, 0.0], atol=1e-9)


def test_weighs_the_classes_of_the_target(shift) -> None:
    """The target keeps one in ten rows of the class a: its source rows count about a fifth of the mean."""
    task, source, _ = shift(n_unlabeled=1000, matrix=np.eye(4))
    twin = replace(source, data=replace(source.rows, inputs=source.rows.X - 4.0))
    rng = np.random.default_rng(0)
    labels = task.unlabeled.X[:, 0] > 0
    few = replace(task, unlabeled=task.unlabeled.take(labels | (rng.random(1000) < 0.1)))
    figures = Bbse().fit(few, twin, Context(seed=0)).diagnostics
    assert figures["stood_back"] == 0.0
    assert 1.5 < figures["largest_weight"] < 2.1
    assert 100 < figures["effective_sample_size"] < 240


def test_stands_back_where_inputs_moved(shift) -> None:
    """A stretched source is no label shift: p is tiny and all source rows count the same, unless told never to."""
    task, source, _ = shift(n_unlabeled=500, matrix=np.diag([3.0, 1.0, 1.0, 1.0]))
    near = replace(source, data=replace(source.rows, inputs=source.rows.X - 5.0))
    figures = Bbse().fit(task, near, Context(seed=0)).diagnostics
    assert figures["label_shift_p_value"] < 0.01
    assert (figures["stood_back"], figures["effective_sample_size"]) == (1.0, 300)
    assert Bbse(significance=0.0).fit(task, near, Context(seed=0)).diagnostics["stood_back"] == 0.0
