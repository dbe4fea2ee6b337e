"""The whole form: a run that must keep its source refuses what forgets it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_continual import transfer_methods

import autotransfer
from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.features import FeatureCache
from autotransfer.metrics import METRICS
from autotransfer.model import load_model, save_model
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem, RawData
from autotransfer.refit import about, refit_on_all
from autotransfer.testing.problems import toy_problems
from autotransfer.trial import Choice

SETTINGS = autotransfer.Settings(methods=("sequential_fine_tuning",), trials=2, workers=0, keep_source=20.0)


def raw(name: str, rows: Dataset, words: tuple[str, ...]) -> RawData:
    labels = np.array([words[label] for label in rows.labels], dtype=object)
    return RawData(name, Modality.FEATURES, np.array(rows.X), labels)


@pytest.fixture
def clash(tmp_path, monkeypatch) -> tuple[RawData, RawData]:
    """The target calls yes what the source calls no."""
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    toy = next(toy for toy in toy_problems() if toy.name == "poisoned")
    return raw("target", toy.task.train, ("no", "yes")), raw("there", toy.source.rows, ("no", "yes"))


def test_what_forgets_more_is_refused_and_not_shipped(clash, tmp_path) -> None:
    """Sequential fine-tuning loses most of the source: its score stays on the leaderboard, the baseline is shipped."""
    target, source = clash
    run = autotransfer.fit(target, [source], budget="60s", settings=replace(SETTINGS, out=tmp_path / "run"))
    by_method = {trial.choice.method: trial for trial in run.record.leaderboard}
    lost = by_method["sequential_fine_tuning"]
    assert str(lost.status) == "refused"
    assert lost.kept is not None
    assert lost.kept.scenario == "domain-incremental"
    assert lost.kept.forgetting > 0.2
    assert "--keep-source 20 allows" in str(lost.error)
    assert lost.val_score is not None
    assert by_method["no_transfer"].kept is None
    assert run.verdict.choice.method == "no_transfer"
    reasons = {row.method: row.reason for row in run.record.skipped}
    assert reasons["pooled"] == "not among --methods"
    known = [trial.kept.forgetting for trial in run.record.leaderboard if trial.kept is not None]
    assert sorted(run.leaderboard["forgetting"].dropna()) == pytest.approx(sorted(known))


def test_the_shipped_model_still_answers_for_its_source(tmp_path) -> None:
    """Trained on all rows of a source with other classes, saved and loaded: the encoder and both tasks are there."""
    toy = next(toy for toy in toy_problems() if toy.name == "disjoint_classes")
    problem = Problem("target", toy.task.train, toy.task.classes, (toy.source,))
    metric, catalogue = METRICS["accuracy"], load_catalogue()
    encoders = {encoder.name: encoder for encoder in catalogue.encoders}
    bench = Bench(problem, encoders, FeatureCache(tmp_path / "cache"), metric)
    choice = Choice("experience_replay", toy.source.name, "standard", {})
    model = refit_on_all(bench, choice, 0, catalogue)
    state = {"encoder": {"name": "standard", "params": {}, "state": model.encoder.state()}}
    save_model(tmp_path, choice, about(problem), {**state, "predictor": model.predictor.state()})
    loaded = load_model(tmp_path, catalogue)
    assert metric.score(toy.test.labels, loaded.predict(toy.test)) > 0.8
    assert metric.score(toy.source.rows.labels, loaded.for_source().predict(toy.source.rows)) > 0.8


def test_a_limit_that_nothing_here_can_keep_is_an_error(clash) -> None:
    target, _ = clash
    with pytest.raises(
        InputError, match="--keep-source: no method can keep to it here; there is no source; leave it out"
    ):
        autotransfer.fit(target, settings=SETTINGS)


def test_every_method_is_transfer() -> None:
    assert len(transfer_methods()) == 10
    assert all(method.is_transfer() for method in transfer_methods())
