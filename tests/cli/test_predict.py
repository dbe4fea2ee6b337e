"""autotransfer predict: CSV with a row for each row of the data."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from autotransfer.run import Predictions, Run

CLASSES = Predictions(
    np.array(["a,b", 'say "x"', "a,b"], dtype=object),
    np.array([[0.75, 0.25], [0.125, 0.875], [0.5, 0.5]]),
    ("a,b", 'say "x"'),
)


@pytest.fixture
def predict(monkeypatch, saved, call):
    """A function that makes the run predict something, and returns what the command gave."""

    def run(predictions, *words):
        monkeypatch.setattr(Run, "predict", lambda self, data: predictions)
        return call("predict", saved().folder, "new.csv", *words)

    return run


def test_classes_and_probabilities_in_order(predict):
    frame = pd.read_csv(io.StringIO(predict(CLASSES).out))
    assert list(frame.columns) == ["prediction", "p(a,b)", 'p(say "x")']
    assert frame["prediction"].tolist() == list(CLASSES.labels)
    np.testing.assert_array_equal(frame.iloc[:, 1:].to_numpy(), CLASSES.probabilities)


def test_values_have_one_column(predict):
    out = predict(Predictions(np.array([1.5, 0.1, -3e-9]), None, None)).out
    assert out == "prediction\n1.5\n0.1\n-3e-09\n"


def test_no_rows_give_a_header(predict):
    assert predict(Predictions(np.empty(0), None, None)).out == "prediction\n"


def test_into_a_file(predict, tmp_path):
    result = predict(CLASSES, "-o", tmp_path / "p.csv")
    assert (result.code, result.out) == (0, "")
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 4


def test_a_folder_without_a_run_is_named(call, tmp_path):
    result = call("predict", tmp_path, "new.csv")
    assert result.code == 2
    assert str(tmp_path) in result.err
