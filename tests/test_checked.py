"""Predictions are used only when their shape and values are right."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from autotransfer.checked import predict_checked
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import PluginError

ROWS = Dataset("rows", Modality.FEATURES, np.zeros((4, 2)), y=np.zeros(4, np.int64))
METHOD = SimpleNamespace(name="wild")


@dataclass(frozen=True)
class Says:
    """A predictor that gives one answer, provided that it sees no labels."""

    answer: Array

    def predict(self, data: Dataset) -> Array:
        assert data.y is None
        return self.answer


@pytest.mark.parametrize(("n_classes", "shape"), [(3, (4, 3)), (0, (4,))], ids=["classes", "values"])
def test_sound_predictions_pass_unchanged(n_classes, shape):
    answer = np.full(shape, 0.25)
    np.testing.assert_array_equal(predict_checked(METHOD, Says(answer), ROWS, n_classes), answer)


@pytest.mark.parametrize(
    ("answer", "n_classes", "words"),
    [
        (np.zeros((4, 2)), 3, "shape"),
        (np.zeros((3, 3)), 3, "shape"),
        (np.zeros((4, 1)), 0, "shape"),
        (np.full(4, np.nan), 0, "not finite"),
        (np.full((4, 2), np.inf), 2, "not finite"),
    ],
)
def test_others_name_the_method(answer, n_classes, words):
    with pytest.raises(PluginError, match=f"wild: predictions .*{words}"):
        predict_checked(METHOD, Says(answer), ROWS, n_classes)
