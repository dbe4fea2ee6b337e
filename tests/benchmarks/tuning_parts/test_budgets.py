"""What a run ships, judged on the test rows; the run itself is a stand-in."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.problem import RawData
from benchmarks.image_tasks import ImageTask
from benchmarks.tuning_parts import budgets


def test_names_are_compared_with_class_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of four right; rows go to the run without labels, and with the budget that was given."""
    images, y = np.zeros((4, 2, 2, 3), np.uint8), np.array([0, 1, 1, 0])
    names = np.array(["light", "dark", "dark", "light"], dtype=object)
    test = Dataset("toy", Modality.IMAGE, images, y)
    task = ImageTask(RawData("toy", Modality.IMAGE, images, names), test, test, 2)
    seen: list[object] = []

    def fit(target: object, sources: list[str], settings: SimpleNamespace) -> SimpleNamespace:
        seen.append((target, sources, settings.budget))
        choice = SimpleNamespace(arm=SimpleNamespace(method="pooled"), encoder="hog")
        told = SimpleNamespace(labels=np.array(["dark", "light", "light", "light"]))
        return SimpleNamespace(
            predict=lambda rows: seen.append(rows.labels) or told,
            verdict=SimpleNamespace(choice=choice, decision="transfer"),
            leaderboard=[1, 2, 3],
        )

    monkeypatch.setattr("autotransfer.job.fit", fit)
    found = budgets.shipped(task, "zoo:net", 7.0)
    assert seen == [(task.raw, ["zoo:net"], 7.0), None]
    assert found["accuracy"] == 0.75
    assert (found["method"], found["encoder"], found["trials"]) == ("pooled", "hog", 3)
