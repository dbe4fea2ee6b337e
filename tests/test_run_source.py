"""A run as a source: its head predicts what the run predicts, and its encoder is the one that the run has fitted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.job import fit
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.run import Run
from autotransfer.run_plugin import encoders, open_source
from autotransfer.run_source import RunHead, RunTable
from autotransfer.settings import Settings
from autotransfer.testing import check_encoder


def words(n: int, seed: int) -> RawData:
    """Texts in which one of two words tells the class."""
    rng = np.random.default_rng(seed)
    up = rng.integers(0, 2, n) > 0
    noise = rng.choice(["a", "the", "we", "they", "saw", "it"], (n, 4))
    texts = [" ".join([*row, "good" if good else "bad"]) for row, good in zip(noise, up, strict=True)]
    return RawData("words", Modality.TEXT, np.array(texts, object), np.where(up, "up", "down").astype(object))


def table(n: int, seed: int) -> RawData:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n), "word": rng.choice(["x", "y"], n)})
    return RawData("table", Modality.TABLE, frame, np.where(frame["a"] > 0, "up", "down").astype(object))


def run_of(target: RawData, folder: Path, *sources: str, method: str = "pooled") -> Run:
    return fit(target, list(sources), settings=Settings(trials=2, workers=0, out=folder, methods=(method,)))


@pytest.fixture(scope="module")
def text_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(words(40, 0), tmp_path_factory.mktemp("runs") / "texts")


@pytest.fixture(scope="module")
def table_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(table(40, 0), tmp_path_factory.mktemp("runs") / "table")


def rows_of(raw: RawData) -> Dataset:
    return Dataset(raw.name, raw.modality, raw.inputs)


def test_the_head_is_the_runs_model(text_run: Run) -> None:
    source = open_source(f"run:{text_run.folder}")
    assert source.offers == Asset.SOURCE_HEAD | Asset.PRETRAINED
    assert source.classes == ("down", "up")
    expected = text_run.predict(words(10, 1)).probabilities
    np.testing.assert_allclose(source.head.predict(rows_of(words(10, 1))), expected)
    again = RunHead.restore(source.head.state())
    np.testing.assert_allclose(again.predict(rows_of(words(10, 1))), expected)


def test_the_encoder_is_the_one_that_the_run_has_fitted(text_run: Run) -> None:
    """It looks at no row any more: fitting it on others changes nothing."""
    encoder = open_source(f"run:{text_run.folder}").encoder
    new = rows_of(words(10, 1))
    expected = text_run.model().encoder.transform(new)
    np.testing.assert_array_equal(encoder.fit(rows_of(words(5, 2))).transform(new), expected)
    check_encoder(encoder)


def test_another_fit_can_use_it(text_run: Run, tmp_path: Path) -> None:
    run = run_of(words(30, 3), tmp_path / "second", f"run:{text_run.folder}", method="linear_probe")
    probes = run.leaderboard[run.leaderboard["method"] == "linear_probe"]
    assert (probes["status"] == "complete").any()
    assert probes["val_score"].max() > 0.7
    assert run.predict(words(6, 4)).labels.shape == (6,)


def test_a_table_needs_the_runs_columns_and_may_have_more(table_run: Run) -> None:
    source = open_source(f"run:{table_run.folder}")
    rows = rows_of(table(8, 1))
    more = replace(rows, inputs=rows.inputs.assign(more=1.0)[["word", "more", "b", "a"]])
    np.testing.assert_allclose(source.head.predict(more), source.head.predict(rows))
    less = replace(rows, inputs=rows.inputs[["b", "word"]])
    if source.encoder is not None:
        np.testing.assert_array_equal(
            source.encoder.fit(rows).transform(more), source.encoder.fit(rows).transform(rows)
        )
        assert "lack the run's column 'a'" in source.encoder.refuses(less)
    with pytest.raises(InputError, match="lack the run's column 'a'"):
        source.head.predict(less)


def test_rows_of_another_kind_leave_the_source_out(text_run: Run) -> None:
    from autotransfer.loading import load_problem

    rng = np.random.default_rng(0)
    target = RawData("t", Modality.FEATURES, rng.normal(size=(20, 3)), np.array(["a", "b"] * 10, object))
    problem = load_problem(target, [f"run:{text_run.folder}"], Settings(), load_catalogue().hook)
    assert problem.sources == ()
    assert "takes text rows" in problem.skipped[0][1]


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_a_run_without_its_model_is_one_line(text_run: Run, tmp_path: Path, name: str) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(text_run.folder, copy)
    (copy / "model" / name).unlink()
    with pytest.raises(InputError, match="no saved model") as caught:
        open_source(f"run:{copy}")
    assert "\n" not in str(caught.value)


def test_what_is_no_run_says_so(tmp_path: Path) -> None:
    assert open_source("zoo:x") is None
    for rest in ("", str(tmp_path)):
        with pytest.raises(InputError, match="no run here"):
            open_source(f"run:{rest}")


def test_without_a_run_every_row_is_refused() -> None:
    assert {encoder.modality for encoder in encoders()} == set(Modality)
    assert "name one as a source: run:DIR" in RunTable().refuses(rows_of(table(5, 0)))
