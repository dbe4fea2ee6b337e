"""The rows of the table: chance, and what a method that knows everything would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
import pytest
from autotransfer_multimodal.method import PairedMethod
from autotransfer_multimodal.towers import Towers

from autotransfer.data import Dataset, Modality
from autotransfer.method import Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from benchmarks.multimodal import MAP, RECALL, bars, loss_gap
from benchmarks.pairing.compared import Entrant, chance, compared
from benchmarks.pairing.scene import NAMES, Scene


@final
class Knowing(Towers):
    """Images carry the number of their class and of their caption; texts are read."""

    factor = 1.0

    def images(self, data: Dataset) -> np.ndarray:
        return np.asarray(data.X, np.float64)

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), len(NAMES) + 10))
        for row, text in zip(rows, texts, strict=True):
            for label, name in enumerate(NAMES):
                row[label] = f" {name}" in f" {text}"
            row[len(NAMES) :] = [f"number {number}" in text for number in range(10)]
        return rows

    def predictor(self, classes: np.ndarray, change: np.ndarray) -> Predictor:
        raise NotImplementedError


@final
@dataclass(frozen=True)
class Oracle(PairedMethod):
    """Has nothing to learn (no publication)."""

    def learn(self, source: Source, ctx: Context) -> Towers:
        return Knowing()

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls()


Oracle.name = "oracle"


@pytest.fixture
def known() -> Scene:
    """Ten searched rows with a number each, and a row of every class; the last four are unseen."""
    searched = np.column_stack([np.zeros((10, len(NAMES))), np.eye(10)]).astype(np.float32)
    tested = np.column_stack([np.eye(len(NAMES)), np.zeros((len(NAMES), 10))]).astype(np.float32)
    said = np.array([f"number {number}" for number in range(10)], dtype=object)
    rows = Dataset("searched", Modality.FEATURES, searched, captions=said)
    return Scene(rows, rows, Dataset("t", Modality.FEATURES, tested, np.arange(len(NAMES))), np.arange(11, 15))


def test_who_knows_everything_is_always_right(known: Scene, monkeypatch) -> None:
    from benchmarks.pairing import compared as module

    monkeypatch.setattr(module, "_encoded", lambda data, entrant: data)
    (row,) = compared([known], [Entrant(Oracle(), None, "all")])
    figures = ("image→text R@1", "text→image R@5", "seen classes", "unseen classes")
    assert [row[figure] for figure in figures] == [1.0] * 4
    assert row["± R@1"] == 0.0


def test_chance_is_one_of_as_many(known: Scene) -> None:
    row = chance([known])
    assert row["image→text R@1"] == pytest.approx(0.1)
    assert row["text→image R@5"] == pytest.approx(0.5)
    assert (row["seen classes"], row["unseen classes"]) == (pytest.approx(1 / 11), 0.25)


def test_bars_compare_with_chance_and_with_the_map_on_the_same_images() -> None:
    """A method that loses is not met."""

    def row(method: str, by: str, value: float) -> dict[str, object]:
        return {"method": method, "images by": by, RECALL: value, "seen classes": value, "unseen classes": value}

    found = bars([row("chance", "–", 0.1), row(MAP, "hog", 0.3), row("good", "hog", 0.4), row("bad", "scratch", 0.2)])
    by_name = {bar.name: bar.met for bar in found}
    assert by_name["good, hog: image→text R@1 less the linear map's"]
    assert not by_name["bad, scratch: image→text R@1 less the linear map's"]
    assert by_name["bad, scratch: seen classes over chance"]
    assert len(found) == 3 + 6 + 6


def test_the_loss_is_the_formula() -> None:
    assert loss_gap() < 1e-10
