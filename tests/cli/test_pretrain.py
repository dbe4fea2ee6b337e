from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autotransfer.cli.main import run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    for name, level in (("bright", 200), ("dark", 60)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for index in range(30):
            image = np.clip(rng.normal(level, 30, (8, 8, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(image).save(tmp_path / "photos" / name / f"{index}.png")
    return tmp_path / "photos"


def words(photos: Path, out: str, *more: str) -> list[str]:
    small = ["--size", "8", "--width", "8", "--epochs", "2"]
    return ["pretrain", str(photos), "--recipe", "supervised", "--out", out, *small, *more]


def test_a_trained_network_is_a_source_by_its_name(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    assert run(words(photos, "mine")) == 0
    told = capsys.readouterr()
    assert "zoo:mine: " in told.out
    assert "accuracy on 4 rows held out: linear probe" in told.out
    assert "epoch 2 of 2" in told.err
    found = ["fit", str(photos), "--source", "zoo:mine", "--methods", "linear_probe", "--trials", "2", "--workers", "0"]
    assert run([*found, "--out", str(tmp_path / "run"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {trial["choice"]["method"] for trial in document["trials"]} == {"no_transfer", "linear_probe"}
    assert all(trial["status"] == "complete" for trial in document["trials"])


def test_json_is_one_document(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words(photos, str(tmp_path / "net"), "--json")) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["folder"] == str(tmp_path / "net")
    assert card["parameters"] > 0


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["--epochs", "0"], "--epochs 0"),
        (["--budget", "soon"], "duration"),
        (["--recipe", "magic"], "invalid choice"),
        (["--teacher", "x"], "the recipe supervised has none"),
    ],
)
def test_mistakes_are_one_line(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], expected: str
) -> None:
    assert run(words(photos, str(tmp_path / "net"), *more)) == 2
    told = capsys.readouterr().err
    assert expected in told
    assert len(told.splitlines()) == 1
