"""The whole form: several label columns in a file, to predictions for each task."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest
from autotransfer_multitask import transfer_methods

import autotransfer
from autotransfer.cli.predict import as_csv
from autotransfer.errors import InputError
from autotransfer.run_source import open_run


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))


def test_single_tasks_alone_are_no_transfer():
    assert [method.name for method in transfer_methods() if not method.is_transfer()] == ["single_task"]
    assert not any(method.takes_source() for method in transfer_methods())


def fitted(target, tmp_path, **more):
    settings = autotransfer.Settings(
        methods=("mean_regularized",), trials=6, workers=0, out=tmp_path / "run", exclude=("equal_weights",), **more
    )
    return autotransfer.fit(target, budget="60s", settings=settings)


def test_label_columns_side_by_side(tmp_path):
    run = fitted("demo:multitask", tmp_path, test="demo:multitask-test")
    assert run.record.metric == "mean_accuracy_r2"
    assert run.record.data["target"]["tasks"] == {
        "species": ["Adelie", "Chinstrap", "Gentoo"],
        "sex": ["female", "male"],
        "body_mass_g": None,
    }
    assert run.verdict.baseline is not None
    assert run.verdict.baseline.method == "single_task"
    assert run.verdict.test_score is not None
    assert run.verdict.test_score > 0.7
    assert np.mean([task["test_score"] for task in run.record.tasks]) == pytest.approx(run.verdict.test_score)
    assert [(task["name"], task["test_rows"]) for task in run.record.tasks] == [
        (name, 243) for name in ("species", "sex", "body_mass_g")
    ]
    assert "Task by task" in (run.folder / "report.html").read_text()
    assert {skip.reason for skip in run.record.skipped if skip.method == "no_transfer"} == {
        "it is for one task, the target has several"
    }
    said = autotransfer.load_run(run.folder).predict("demo:multitask-test")
    assert said.labels.shape == (243, 3)
    assert dict(said.tasks)["species"].probabilities.shape == (243, 3)
    header, *lines = csv.reader(as_csv(said).splitlines())
    assert header == [
        *("species", "p(species=Adelie)", "p(species=Chinstrap)", "p(species=Gentoo)"),
        *("sex", "p(sex=female)", "p(sex=male)", "body_mass_g"),
    ]
    assert len(lines) == 243
    with pytest.raises(InputError, match="its model is for several tasks"):
        open_run(f"run:{run.folder}")


def test_a_column_of_tasks(tmp_path):
    """Six schools whose marks differ in level and little else: the common model passes the guard."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(120, 5)), columns=list("pqrst"))
    school = np.arange(120) % 6
    marks = frame.to_numpy() @ rng.normal(size=5) * 3 + 50 + 2 * rng.normal(size=120)
    frame["school"], frame["mark"] = [f"school {k}" for k in school], marks
    frame.to_csv(tmp_path / "marks.csv", index=False)
    run = fitted(tmp_path / "marks.csv", tmp_path, label="mark", task="school")
    assert run.record.metric == "mean_r2"
    said = run.predict(frame.drop(columns=["mark"]))
    assert said.labels.shape == (120,)
    assert np.corrcoef(said.labels.astype(float), marks)[0, 1] > 0.9
    assert as_csv(said).splitlines()[0] == "prediction"
    with pytest.raises(InputError, match="the model has no task 'school 9'"):
        run.predict(frame.assign(school="school 9"))
    with pytest.raises(InputError, match="'school'"):
        run.predict(frame.drop(columns=["school"]))
