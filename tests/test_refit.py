"""The final fit: every labelled row, and what a saved model must know of the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.refit import about, refit_job
from autotransfer.trial import Choice

CATALOGUE = load_catalogue(())
CHOICE = Choice("pooled", "s", "standard", {"learner": {"kind": "linear", "l2": 3.0}, "scaling": "joint"})


def test_a_refit_uses_every_labelled_row_and_keeps_the_model():
    job = refit_job(CHOICE, 40, CATALOGUE, 3)
    (fold,) = job.folds
    np.testing.assert_array_equal(fold.train, np.arange(40))
    assert len(fold.score) == 0
    assert (job.keep, job.seed, job.source, job.encoder) == (True, 3, "s", "standard")
    assert job.method.params() == CHOICE.params
    assert not job.thresholds


def test_a_method_that_is_gone_is_named():
    with pytest.raises(InputError, match="poold"):
        refit_job(Choice("poold", None, None, {}), 3, CATALOGUE, 0)


@pytest.mark.parametrize(
    ("modality", "inputs", "columns"),
    [
        (Modality.TABLE, pd.DataFrame({"a": [1.0], 7: ["x"]}), ["a", "7"]),
        (Modality.FEATURES, np.zeros((1, 3)), ["0", "1", "2"]),
        (Modality.TEXT, np.array(["one"], dtype=object), None),
        (Modality.IMAGE, np.zeros((1, 2, 2), np.uint8), None),
    ],
)
def test_a_saved_model_knows_the_form_of_the_target(modality, inputs, columns):
    for classes in (("no", "yes"), None):
        target = Dataset("t", modality, inputs, np.zeros(1))
        expected = {"modality": modality.value, "classes": classes and list(classes), "columns": columns}
        assert about(Problem("p", target, classes)) == expected
