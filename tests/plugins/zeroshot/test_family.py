"""The whole form: from rows in memory with described classes to a model that names classes nobody has labelled."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot import transfer_methods

import autotransfer
from autotransfer.data import Modality
from autotransfer.problem import RawData
from autotransfer.testing.unseen import unseen_classes
from autotransfer.trial import Decision


def named(labels: np.ndarray) -> np.ndarray:
    return np.array([f"part{label}" for label in labels], dtype=object)


def test_only_the_rule_without_descriptions_is_no_transfer() -> None:
    assert [method.name for method in transfer_methods() if not method.is_transfer()] == ["seen_or_chance"]
    assert not any(method.takes_source() for method in transfer_methods())


def test_fit_names_classes_that_no_row_is_of(tmp_path, monkeypatch) -> None:
    """Seven classes in a ring, two without a row: the transfer passes the guard, by the harmonic mean, and the saved
    model tells test rows of the two apart."""
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    problem = unseen_classes(140)
    task = problem.task
    assert task.classes is not None
    target = RawData(
        "ring", Modality.FEATURES, np.array(task.train.X), named(task.train.labels), task.classes, task.class_attributes
    )
    settings = autotransfer.Settings(
        methods=("eszsl",), exclude=("no_transfer",), trials=8, workers=0, out=tmp_path / "run"
    )
    run = autotransfer.fit(target, budget="60s", settings=settings)
    assert run.record.metric == "harmonic_mean"
    assert run.verdict.baseline is not None
    assert run.verdict.baseline.method == "seen_or_chance"
    assert run.verdict.decision is Decision.TRANSFER
    loaded = autotransfer.load_run(run.folder)
    found = loaded.predict(RawData("test", Modality.FEATURES, np.array(problem.test.X)))
    assert np.mean(found.labels == named(problem.test.labels)) > 0.6
