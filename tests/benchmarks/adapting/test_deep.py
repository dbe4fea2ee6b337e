"""The deep part of the adaptation benchmark: what is picked, and what the bars are, on made-up figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.adapting.deep import METHODS, QUICK, REFERENCE, bars, picks, table
from benchmarks.adapting.deep_fit import Fit, Fitted, Given, fit_one
from benchmarks.adapting.deep_pairs import PAIRS

ACCURACY = {REFERENCE: 0.5, "dann": 0.7, "dan": 0.4, "adda": 0.9}
SCORE = {REFERENCE: 0.1, "dann": 0.8, "dan": 0.2, "adda": 0.3}


def made_up(**changes: float) -> list[Fitted]:
    """Two pairs, two seeds; ``changes``: accuracies of some methods."""
    accuracy = ACCURACY | changes
    return [
        Fitted(Fit(pair, method, seed), accuracy[method], SCORE[method], 1.0)
        for pair in ("a > b", "b > a")
        for seed in (0, 1)
        for method in ACCURACY
    ]


def test_the_validator_picks_and_not_the_test_rows() -> None:
    """The largest score of each pair and seed, whatever its accuracy."""
    assert {fitted.fit.method for fitted in picks(made_up(dann=0.0)).values()} == {"dann"}
    assert len(picks(made_up())) == 4


def test_bars_are_means_minima_and_the_worse_direction() -> None:
    values = {bar.name: (bar.value, bar.met) for bar in bars(made_up())}
    assert list(values.values()) == [
        (pytest.approx(0.2), True),
        (pytest.approx(0.2), True),
        (pytest.approx(0.2), True),
        (pytest.approx(-0.1), False),
    ]
    assert not any(bar.met for bar in bars(made_up(dann=0.45))[:3])


def test_what_was_not_measured_is_not_met() -> None:
    assert not any(bar.met for bar in bars([]))


def test_the_table_counts_picks_and_shows_the_spread() -> None:
    found = made_up()
    found[1] = Fitted(found[1].fit, 0.9, 0.8, 1.0)
    rows = {(row["table"], row["method"]): row for row in table(found, "v")}
    assert rows["networks, a > b", "dann"]["picked"] == 2
    assert rows["networks, a > b", "dann"]["accuracy"] == pytest.approx(0.8)
    assert rows["networks, a > b", "dann"]["spread"] == pytest.approx(0.1)
    assert rows["networks, b > a", "pick of v"]["accuracy"] == pytest.approx(0.7)


def test_methods_are_installed_and_the_quick_ones_are_among_them() -> None:
    from autotransfer.plugins import load_catalogue

    assert set(METHODS) <= set(load_catalogue().methods)
    assert set(QUICK) <= set(METHODS)


@pytest.mark.data
def test_source_target_and_test_rows_are_apart(data_dir: Path) -> None:
    """No test image of MNIST among the target's rows that a method sees."""
    pair = next(pair for pair in PAIRS if pair.name == "usps > mnist")
    source, target, test = pair.rows(data_dir, 0, quick=False)
    assert (len(source), len(target), len(test)) == (7291, 8000, 2000)
    seen = {image.tobytes() for image in np.asarray(target.inputs)}
    assert sum(image.tobytes() in seen for image in np.asarray(test.inputs)) <= 1  # MNIST holds a few copies


@pytest.mark.data
def test_one_fit_of_texts_is_scored(data_dir: Path) -> None:
    """Through an encoder that learns; a score of the validator and an accuracy above chance."""
    found = fit_one(Given(data_dir, quick=True), Fit("books > kitchen", "batch_norm_statistics", 0))
    assert found.accuracy > 0.6
    assert np.isfinite(found.score)
