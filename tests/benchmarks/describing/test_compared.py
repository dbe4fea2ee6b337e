"""What is measured of a method: chance for the rule without descriptions, everything where descriptions say it all."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_zeroshot.conditional_gaussian import ConditionalGaussian
from autotransfer_zeroshot.seen_or_chance import SeenOrChance

from autotransfer.testing.space import corners
from benchmarks.describing.case import Case
from benchmarks.describing.compared import Drawn, compared
from benchmarks.zeroshot import bars, closed_form


def test_descriptions_that_are_the_class_means_tell_all_unseen_classes(toy: Case) -> None:
    """The rule without descriptions names one of two unseen classes for every row: one half, whatever it has drawn."""
    chance, told = compared(toy, [SeenOrChance, ConditionalGaussian], tries=2)
    assert chance["among unseen"] == chance["chance"] == 0.5
    assert chance["factor"] == 1.0
    assert told["among unseen"] > 0.9
    assert told["harmonic"] == pytest.approx(2 / (1 / told["seen"] + 1 / told["unseen"]), abs=0.05)


def test_drawn_settings_lie_in_the_space() -> None:
    """Between the corners of the search space, in every number."""
    edges = [values for _, values in corners(ConditionalGaussian)]
    for seed in range(5):
        drawn = ConditionalGaussian.suggest(Drawn(np.random.default_rng(seed))).params()
        for name in ("ridge", "shrinkage", "calibration"):
            known = [edge[name] for edge in edges if name in edge]
            assert min(known) <= drawn[name] <= max(known)


def test_bars_are_for_the_worst_method_and_on_images_for_the_median() -> None:
    rows = [
        {"case": name, "method": method, "factor": factor}
        for name in ("zoo", "Tiny-ImageNet")
        for method, factor in (("seen_or_chance", 1.0), ("eszsl", 3.5), ("dap", 1.05), ("sae", 3.1))
    ]
    worst, middle = bars(rows)
    assert (worst.value, worst.met, middle.value, middle.met) == (1.05, False, 3.1, True)


def test_the_closed_form_is_met() -> None:
    assert closed_form() < 1e-8
