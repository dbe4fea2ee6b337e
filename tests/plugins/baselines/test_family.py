"""What every method of the family promises on the small shifted problem."""

from __future__ import annotations

from dataclasses import replace

import autotransfer_baselines
import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.config import from_json
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.learners import Mlp, Neighbors, Trees
from autotransfer.state import load_state, save_state
from autotransfer.task import Context

METHODS = autotransfer_baselines.transfer_methods()
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
every_kind = pytest.mark.parametrize("k", [0, 2, 4], ids=["values", "two classes", "four classes"])


def _source(method, toy):
    return toy.source if method.is_transfer() else None


@every_method
@every_kind
def test_beats_chance(method, k, toy):
    """Clearly better than the most frequent class, or the mean."""
    problem = toy(k)
    fitted = method().fit(problem.task, _source(method, problem), Context(seed=1))
    chance = np.bincount(problem.test.labels).max() / len(problem.test) if k else 0.0
    assert problem.score(fitted) > chance + 0.15


@every_method
@every_kind
def test_saved_models_predict_the_same_for_any_number_of_rows(method, k, toy, tmp_path):
    problem = toy(k)
    fitted = method().fit(problem.task, _source(method, problem), Context(seed=1))
    assert type(fitted) is method.predictor
    save_state(tmp_path, fitted.state())
    restored = method.predictor.restore(load_state(tmp_path))
    for n in (0, 1, 500):
        rows = problem.test.take(np.arange(n))
        predictions = fitted.predict(rows)
        assert predictions.shape == ((n, k) if k else (n,))
        assert np.isfinite(predictions).all()
        if k:
            np.testing.assert_allclose(predictions.sum(1), 1.0, atol=1e-6)
        np.testing.assert_array_equal(restored.predict(rows), predictions)


@every_method
@every_kind
def test_same_seed_same_model_and_inputs_left_alone(method, k, toy):
    problem = toy(k)
    before = problem.both
    first, again = (method().fit(problem.task, _source(method, problem), Context(seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first.predict(problem.test), again.predict(problem.test))
    for was, now in zip(before, problem.both, strict=True):
        np.testing.assert_array_equal(was, now)


@every_method
@pytest.mark.parametrize("learner", [Neighbors(), Trees(iterations=5), Mlp(epochs=5)], ids=lambda learner: learner.kind)
def test_any_learner_and_scaling(method, learner, toy):
    """On a source of pure noise, with classes that have no target row."""
    problem = toy(4, n=12)
    train = problem.task.train
    task = replace(problem.task, train=train.take(train.labels < 3))
    rows, rng = problem.source.rows, np.random.default_rng(0)
    noise = Dataset(
        "noise", Modality.FEATURES, rng.normal(size=rows.X.shape).astype(np.float32), rng.permutation(rows.y)
    )
    source = replace(problem.source, data=noise) if method.is_transfer() else None
    names = method.__dataclass_fields__
    config = method(**({"learner": learner} if "learner" in names else {}))
    for scaling in ("joint", "per_domain") if "scaling" in names else (None,):
        chosen = replace(config, scaling=scaling) if scaling else config
        assert from_json(method, chosen.params()) == chosen
        predictions = chosen.fit(task, source, Context()).predict(problem.test)
        assert predictions.shape == (500, 4)
        assert np.isfinite(predictions).all()


@every_method
@pytest.mark.parametrize("n", [1, 2, 3])
def test_very_few_target_rows(method, n, toy):
    for k in (0, 3):
        problem = toy(k, n=n)
        predictions = method().fit(problem.task, _source(method, problem), Context()).predict(problem.test)
        assert np.isfinite(predictions).all()


@every_method
def test_stops_when_the_time_is_over(method, toy):
    problem = toy(2)
    with pytest.raises(OutOfTimeError):
        method().fit(problem.task, _source(method, problem), Context(deadline=0.0))


@pytest.mark.parametrize("method", [method for method in METHODS if not method.needs & Asset.TARGET_LABELS])
@pytest.mark.parametrize("scaling", ["joint", "per_domain"])
@pytest.mark.parametrize("unlabeled", [True, False])
def test_works_without_target_labels(method, scaling, unlabeled, toy):
    problem = toy(3)
    task = replace(problem.task, train=problem.task.train.take(np.arange(0)).without_labels())
    task = task if unlabeled else replace(task, unlabeled=None)
    assert problem.score(method(scaling=scaling).fit(task, problem.source, Context())) > 0.6


def test_names_are_unique_and_only_two_need_no_source_rows():
    names = [method.name for method in METHODS]
    assert len(set(names)) == len(names)
    assert {m.name for m in METHODS if not m.needs & Asset.SOURCE_INPUTS} == {"no_transfer", "linear_probe"}
    assert [method.name for method in METHODS if not method.is_transfer()] == ["no_transfer"]
