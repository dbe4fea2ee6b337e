"""Saved models: equal predictions when intact; hostile files raise InputError and run nothing."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotransfer.average import average_of
from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.evaluate import run_job
from autotransfer.features import FeatureCache
from autotransfer.metrics import METRICS
from autotransfer.model import average_state, build, load_model, save_model
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.refit import about, refit_job, refit_on_all
from autotransfer.trial import Choice

CATALOGUE = load_catalogue(())
LEARNERS = ({"kind": "linear"}, {"kind": "trees", "iterations": 5}, {"kind": "mlp", "epochs": 3}, {"kind": "neighbors"})


def bench_of(*, classes: bool = True, table: bool = True) -> Bench:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3)).astype(np.float32)
    y = (X[:, 0] > 0).astype(int) if classes else X[:, 0].astype(float)
    if table:
        frame = pd.DataFrame(X, columns=["a", "b", "c"]).astype(float)
        target = Dataset("t", Modality.TABLE, frame.assign(c=np.where(X[:, 2] > 0, "x", "y")).astype({"c": object}), y)
    else:
        target = Dataset("t", Modality.FEATURES, X, y)
    metric = METRICS["accuracy" if classes else "rmse"]
    encoders = {encoder.name: encoder for encoder in CATALOGUE.encoders}
    return Bench(Problem("p", target, ("no", "yes") if classes else None), encoders, FeatureCache(None), metric)


def choice_of(bench: Bench, learner) -> Choice:
    encoder = "table" if bench.problem.target.modality is Modality.TABLE else "standard"
    return Choice("no_transfer", None, encoder, {"learner": learner})


def saved(folder, bench: Bench, choice: Choice):
    outcome = run_job(bench, refit_job(choice, len(bench.problem.target), CATALOGUE, 0))
    save_model(folder, choice, about(bench.problem), outcome.model)
    return folder


@pytest.mark.parametrize("classes", [True, False], ids=["classes", "values"])
@pytest.mark.parametrize("table", [True, False], ids=["table", "features"])
@pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner["kind"])
def test_a_model_that_was_saved_predicts_as_before(tmp_path, classes, table, learner):
    """load(save(m)) predicts what m, trained in this process on the same rows, predicts: to the last bit."""
    bench = bench_of(classes=classes, table=table)
    choice = choice_of(bench, learner)
    here = refit_on_all(bench, choice, 0, CATALOGUE)
    there = load_model(saved(tmp_path, bench, choice), CATALOGUE)
    rows = bench.problem.target
    np.testing.assert_array_equal(here.predict(rows), there.predict(rows))
    assert here.predict(rows).shape == ((40, 2) if classes else (40,))
    assert there.classes == (("no", "yes") if classes else None)
    assert there.columns == (("a", "b", "c") if table else ("0", "1", "2"))
    assert there.modality is rows.modality
    assert there.choice == choice
    assert here.predict(rows.take(np.arange(0))).shape[0] == 0


@pytest.mark.parametrize("classes", [True, False], ids=["classes", "values"])
def test_an_average_predicts_the_mean_of_its_members(tmp_path, classes):
    """load(save(average of a, b)) = (a + b) / 2, each with an encoder of its own."""
    bench = bench_of(classes=classes, table=False)
    parts = [choice_of(bench, learner) for learner in LEARNERS[:2]]
    parts[1] = replace(parts[1], encoder="identity")
    choice, rows = average_of(*parts), bench.problem.target
    states = [run_job(bench, refit_job(part, len(rows), CATALOGUE, 0)).model for part in parts]
    save_model(tmp_path, choice, about(bench.problem), average_state(states))
    each = [refit_on_all(bench, part, 0, CATALOGUE).predict(rows) for part in parts]
    found = load_model(tmp_path, CATALOGUE)
    np.testing.assert_allclose(found.predict(rows), np.mean(each, axis=0), rtol=1e-12)
    assert found.choice == choice


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """model.json and model.safetensors of a small model, as they were saved."""
    bench = bench_of()
    folder = saved(tmp_path_factory.mktemp("model"), bench, choice_of(bench, {"kind": "linear"}))
    return json.loads((folder / "model.json").read_text()), (folder / "model.safetensors").read_bytes()


def load_changed(tmp_path, content, change):
    skeleton = json.loads(json.dumps(content[0]))
    change(skeleton)
    (tmp_path / "model.json").write_text(json.dumps(skeleton))
    (tmp_path / "model.safetensors").write_bytes(content[1])
    return load_model(tmp_path, CATALOGUE)


def put(*path, value):
    def change(skeleton):
        for key in path[:-1]:
            skeleton = skeleton[key]
        skeleton[path[-1]] = value

    return change


def drop(*path):
    def change(skeleton):
        for key in path[:-1]:
            skeleton = skeleton[key]
        del skeleton[path[-1]]

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("format", value=2),
        put("format", value=None),
        drop("choice"),
        put("choice", value=[]),
        put("choice", "method", value="os.system"),
        put("choice", "method", value=None),
        put("choice", "method", value=["no_transfer"]),
        put("choice", "method", value={}),
        drop("about"),
        put("about", value=3),
        put("about", "modality", value="shell"),
        put("about", "classes", value=7),
        put("encoder", "name", value="subprocess"),
        put("encoder", "name", value=["table"]),
        put("encoder", "params", value={"__class__": "os"}),
        put("encoder", "params", value=[]),
        put("encoder", "state", value={}),
        put("encoder", "state", value=None),
        put("encoder", value=[]),
        put("predictor", value={}),
        put("predictor", value=None),
        put("predictor", value=[1]),
        put("predictor", value={"kind": "os.system", "state": {}}),
    ],
)
def test_hostile_models_are_one_line(tmp_path, content, change):
    with pytest.raises(InputError) as caught:
        load_changed(tmp_path, content, change)
    assert len(str(caught.value).splitlines()) == 1


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["", "linear", "/", "__import__"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "a", "weights"]), inner),
    max_leaves=4,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_junk_in_any_place_gives_a_model_or_an_input_error(tmp_path, content, data):
    """Loading junk raises nothing but InputError."""

    def change(skeleton):
        here = skeleton
        while True:
            key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            inner = here[key]
            if not isinstance(inner, dict | list) or not inner or "$tensor" in inner or data.draw(st.booleans()):
                here[key] = data.draw(JUNK)
                return
            here = inner

    try:
        load_changed(tmp_path, content, change)
    except InputError as error:
        line = str(error)
    else:
        return
    assert "\n" not in line


def test_a_pickle_in_place_of_a_model_is_not_run(tmp_path):
    (tmp_path / "model.json").write_bytes(b"cos\nsystem\n(S'touch " + os.fsencode(tmp_path / "owned") + b"'\ntR.")
    (tmp_path / "model.safetensors").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(InputError):
        load_model(tmp_path, CATALOGUE)
    assert not (tmp_path / "owned").exists()


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(InputError, match="nothing"):
        load_model(tmp_path / "nothing", CATALOGUE)


def test_rows_that_were_encoded_before_are_not_encoded_again(tmp_path, monkeypatch):
    """Of an encoder that learns nothing from rows; predictions are the same with the cache and without."""
    from autotransfer.encoders.pixels import FittedPixels

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (30, 6, 6), dtype=np.uint8)
    target = Dataset("t", Modality.IMAGE, images, np.arange(30) % 2)
    encoders = {encoder.name: encoder for encoder in CATALOGUE.encoders}
    bench = Bench(Problem("p", target, ("a", "b")), encoders, FeatureCache(None), METRICS["accuracy"])
    choice = Choice("no_transfer", None, "pixels", {"learner": {"kind": "linear"}})
    state = run_job(bench, refit_job(choice, 30, CATALOGUE, 0)).model
    plain = build(choice, about(bench.problem), state, CATALOGUE)
    known = build(choice, about(bench.problem), state, CATALOGUE, FeatureCache(tmp_path))
    expected = plain.predict(target)
    np.testing.assert_array_equal(known.predict(target), expected)
    monkeypatch.setattr(FittedPixels, "transform", lambda fitted, data: pytest.fail("encoded again"))
    again = build(choice, about(bench.problem), state, CATALOGUE, FeatureCache(tmp_path))
    np.testing.assert_array_equal(again.predict(target), expected)
    assert again.encoder.state() == plain.encoder.state()
