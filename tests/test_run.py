"""A finished run: what it predicts and how it fails."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.job import fit
from autotransfer.leaderboard import COLUMNS
from autotransfer.problem import RawData
from autotransfer.run import Run, as_predictions
from autotransfer.settings import Settings


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """No sources, one trial."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    target = RawData("t", Modality.FEATURES, X, np.where(X[:, 0] > 0, "up", "down").astype(object))
    folder = tmp_path_factory.mktemp("run") / "run"
    return fit(target, settings=Settings(trials=1, workers=0, out=folder, methods=("pooled",)))


def test_what_was_saved_is_what_was_returned(run):
    loaded = Run.load(str(run.folder))
    assert loaded.record == run.record
    assert loaded.verdict == run.verdict
    assert tuple(loaded.leaderboard.columns) == COLUMNS


def test_rows_from_files_and_arrays_get_the_same_answers(run, tmp_path):
    X = np.array([[3.0, 0.0], [-3.0, 0.0]])
    np.savez(tmp_path / "new.npz", X=X, y=np.zeros(2))
    for data in (X, str(tmp_path / "new.npz"), tmp_path / "new.npz", RawData("n", Modality.FEATURES, X)):
        told = run.predict(data)
        assert told.labels.tolist() == ["up", "down"]
        assert told.classes == ("down", "up")
        assert told.probabilities.shape == (2, 2)


def test_rows_of_another_width_are_one_line(run):
    with pytest.raises(InputError, match="3 features a row, the model takes 2") as caught:
        run.predict(np.zeros((1, 3)))
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_without_a_run_and_a_run_without_an_end_say_what_to_do(run, tmp_path):
    with pytest.raises(InputError, match="no run here"):
        Run.load(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"name": "t", "verdict": None}))
    with pytest.raises(InputError, match="--resume"):
        Run.load(tmp_path)


def test_a_run_without_its_model_names_the_folder(run, tmp_path):
    (tmp_path / "run.json").write_text((run.folder / "run.json").read_text())
    with pytest.raises(InputError, match="model"):
        Run.load(tmp_path).predict(np.zeros((1, 2)))


def test_values_have_no_classes():
    told = as_predictions(np.array([0.5, 1.5]), None)
    assert told.labels.tolist() == [0.5, 1.5]
    assert told.probabilities is None
    assert told.classes is None
