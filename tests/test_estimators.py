"""The scikit-learn estimators: scikit-learn's own checks, and what they add to them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs, make_regression
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from autotransfer.estimators import AutoTransferClassifier, AutoTransferRegressor

SMALL = {"trials": 1, "methods": ("no_transfer",), "budget": 30, "random_state": 0}


@parametrize_with_checks([AutoTransferClassifier(**SMALL), AutoTransferRegressor(**SMALL)])
def test_scikit_learn_checks(estimator, check) -> None:
    """Every check that scikit-learn has for its own estimators."""
    check(estimator)


def blobs(n: int, seed: int, names: tuple[object, ...] = ("a", "b")) -> tuple[np.ndarray, np.ndarray]:
    X, y = make_blobs(n, centers=[[-2, 0, 0], [2, 0, 0]], random_state=seed)
    return X, np.array(names)[y]


def test_sources_are_searched_and_reported() -> None:
    """A pair of arrays is a source: its arms stand on the leaderboard beside the baseline's, and a verdict is given."""
    X, y = blobs(30, 0)
    model = AutoTransferClassifier(
        sources=[blobs(80, 1)], trials=4, methods=("no_transfer", "pooled"), budget=60, random_state=0
    ).fit(X, y)
    assert {trial.choice.method for trial in model.leaderboard_} == {"no_transfer", "pooled"}
    assert model.verdict_.choice.method in {"no_transfer", "pooled"}
    assert model.score(*blobs(200, 2)) > 0.9


def test_class_types_may_differ_between_target_and_source() -> None:
    """1, 1.0 and True name one class; predictions come back in the target's own type."""
    X, y = blobs(30, 0, (0, 1))
    source = blobs(60, 1, (0.0, 1.0))
    model = AutoTransferClassifier(sources=[source], trials=2, methods=("pooled", "no_transfer"), random_state=0)
    predictions = model.fit(X, y).predict(X)
    assert predictions.dtype == y.dtype
    assert set(predictions) <= {0, 1}


def test_probabilities_follow_classes() -> None:
    """Column j of predict_proba belongs to classes_[j], whatever the order of the labels."""
    X, y = blobs(40, 0, ("z", "a"))
    model = AutoTransferClassifier(**SMALL).fit(X, y)
    assert model.classes_.tolist() == ["a", "z"]
    far = np.array([[-9.0, 0, 0], [9.0, 0, 0]])
    assert model.predict_proba(far).argmax(1).tolist() == [1, 0]


def test_tables_with_words_are_taken_as_they_are() -> None:
    """A data frame with text columns is encoded by the engine; column names are remembered."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"colour": rng.choice(["red", "blue"], 60), "size": rng.normal(size=60)})
    y = (table["colour"] == "red").to_numpy() ^ (np.arange(60) % 20 == 0)  # a perfect predictor would be a leak
    model = AutoTransferClassifier(**SMALL).fit(table, y)
    assert model.feature_names_in_.tolist() == ["colour", "size"]
    assert model.n_features_in_ == 2
    assert model.score(table, y) > 0.9


def test_regressor_keeps_whole_numbers_as_values() -> None:
    """Integer targets with few distinct values stay values: predictions lie between them."""
    X, y = make_regression(60, 3, random_state=0)
    model = AutoTransferRegressor(**SMALL).fit(X, np.round(y / 60).astype(int))
    assert len(np.unique(model.predict(X))) > 10


def test_bad_input_is_a_value_error() -> None:
    """Messages of the engine arrive as ValueError, the type that scikit-learn's callers expect."""
    X, y = blobs(30, 0)
    with pytest.raises(ValueError, match="only one class"):
        AutoTransferClassifier(**SMALL).fit(X, np.zeros(30))
    with pytest.raises(ValueError, match="no_such_metric"):
        AutoTransferClassifier(**SMALL, metric="no_such_metric").fit(X, y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        AutoTransferClassifier(**SMALL, sources=[(X, y[:-1])]).fit(X, y)
    with pytest.raises(NotFittedError):
        _ = AutoTransferClassifier().verdict_


def test_works_inside_cross_validation() -> None:
    """Clones are independent and scikit-learn's tools can drive them."""
    X, y = blobs(60, 0)
    model = AutoTransferClassifier(**SMALL)
    assert clone(model).get_params() == model.get_params()
    assert cross_val_score(model, X, y, cv=2).min() > 0.8


def test_import_leaves_the_engine_alone() -> None:
    """Importing the estimators imports neither torch nor optuna."""
    code = "import autotransfer.estimators, sys; sys.exit(bool({'torch', 'optuna'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
