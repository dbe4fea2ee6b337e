"""The published tables are read as they were published; the static prior is that which was measured beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.harness import Arguments
from benchmarks.selecting import cnn_scores, model_spider, parc, ucr, vision
from benchmarks.selecting.static_prior import judged, prior_orders

pytestmark = pytest.mark.data


def test_parc(data_dir: Path) -> None:
    """196 outcomes, 28 arms a target; the prior loses 1.30 points, chance 11.4."""
    experience = vision.choices(vision.parc(data_dir))
    assert len(experience) == 196
    found = judged(prior_orders(experience))
    assert found["regret"] == pytest.approx(1.30, abs=0.005)
    assert found["random"] == pytest.approx(11.4, abs=0.05)


def test_model_spider(data_dir: Path) -> None:
    """462 outcomes, 441 of them not of the start itself, 90 % of these below it; the prior: 1.05 points, 0.62."""
    table = vision.model_spider(data_dir)
    assert len(table) == 462
    transfers = vision.transfers(table)
    assert len(transfers) == 441
    assert (transfers.gain < 0).mean() == pytest.approx(0.90, abs=0.01)
    found = judged(prior_orders(vision.choices(table)))
    assert found["regret"] == pytest.approx(1.05, abs=0.005)
    assert found["random"] == pytest.approx(4.67, abs=0.01)
    assert found["weighted tau"] == pytest.approx(0.62, abs=0.005)


def test_cnn_scores(data_dir: Path) -> None:
    """80 networks on targets with nine scores, LogME alone near its published 0.676."""
    experience = cnn_scores.read(data_dir)
    assert experience.arms.features.shape == (80, 9)
    rows = {row["selector"]: row for row in cnn_scores.measure(Arguments(data_dir)).rows}
    assert rows["LogME"]["weighted tau"] == pytest.approx(0.676, abs=0.01)


def test_ucr(data_dir: Path) -> None:
    """7,140 transfers, 46.6 % below zero."""
    gains = ucr.read(data_dir)
    known = gains[~np.isnan(gains)]
    assert known.size == 7140
    assert (known < 0).mean() == pytest.approx(0.466, abs=0.001)


@pytest.mark.parametrize("measure", [parc.measure, model_spider.measure], ids=["parc", "model_spider"])
def test_parts(measure, data_dir: Path) -> None:
    """Every bar has a value, every row its part, and the forecasts lose less than the prior."""
    part = measure(Arguments(data_dir))
    assert all(bar.value is not None for bar in part.bars)
    assert len({row["table"] for row in part.rows}) == 1
    assert part.rows[1]["regret"] < part.rows[0]["regret"]
