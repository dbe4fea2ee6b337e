"""From a problem to a search space: encoders that take the rows of both sides, and no test rows on the bench."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.equip import equip
from autotransfer.errors import InputError
from autotransfer.method import RAW
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.task import Source
from autotransfer.trial import Arm

CATALOGUE = load_catalogue(())
LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
INPUTS = {
    Modality.TABLE: pd.DataFrame({"a": np.arange(4.0), "b": ["x", "y", "x", "y"]}),
    Modality.TEXT: np.array(["one", "two", "three", "four"], dtype=object),
    Modality.IMAGE: np.zeros((4, 8, 8), np.uint8),
    Modality.FEATURES: np.zeros((4, 2), np.float32),
}


def problem_of(modality: Modality, **more: object) -> Problem:
    rows = Dataset("t", modality, INPUTS[modality], np.arange(4) % 2)
    return Problem("p", rows, ("a", "b"), (Source("s", LABELED, rows, ("a", "b")),), test=rows, **more)


@pytest.mark.parametrize("modality", list(Modality))
def test_every_arm_has_encoders_that_take_its_rows_and_the_bench_has_no_test_rows(modality):
    problem = problem_of(modality)
    skipped = []
    space, bench = equip(problem, CATALOGUE, Settings(), skipped)
    assert bench.problem.test is None
    assert problem.test is not None
    assert Arm("no_transfer") in space.arms
    assert Arm("pooled", "s") in space.arms
    for arm in space.arms:
        assert space.encoders[arm]
        for name in set(space.encoders[arm]) - {RAW}:
            assert bench.encoders[name].refuses(problem.target) is None
    assert not {(item.method, item.source) for item in skipped} & {(arm.method, arm.source) for arm in space.arms}


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"^--device warp"):
        equip(problem_of(Modality.FEATURES), CATALOGUE, Settings(device="warp"), [])


def test_a_source_with_an_encoder_of_its_own_needs_no_other():
    problem = problem_of(Modality.FEATURES)
    own = next(encoder for encoder in CATALOGUE.encoders if encoder.name == "standard")
    problem = replace(problem, sources=(replace(problem.sources[0], encoder=own),))
    space, _ = equip(problem, CATALOGUE, Settings(), [])
    assert space.encoders[Arm("pooled", "s")] == ()
    assert space.encoders[Arm("no_transfer")]


def test_without_an_encoder_for_the_rows_the_reason_is_given():
    nothing = replace(CATALOGUE, encoders=())
    skipped = []
    with pytest.raises(InputError, match="no method can run here"):
        equip(problem_of(Modality.TEXT), nothing, Settings(), skipped)
    reasons = {item.method: item.reason for item in skipped}
    assert reasons["pooled"] == reasons["no_transfer"] == "no installed encoder takes its text rows"


def test_the_metric_and_the_device_are_those_of_the_settings(monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    _, bench = equip(problem_of(Modality.FEATURES), CATALOGUE, Settings(metric="brier", device="cuda:1"), [])
    assert (bench.metric.name, bench.device) == ("brier", "cuda:1")
    with pytest.raises(InputError, match="--metric mae"):
        equip(problem_of(Modality.FEATURES), CATALOGUE, Settings(metric="mae"), [])


def test_a_method_for_raw_rows_beside_features_is_offered_them_first():
    """Only in the modality that it names; on the bench ``raw`` means no encoder."""
    for modality in (Modality.IMAGE, Modality.TABLE):
        unlabeled = Dataset("u", modality, INPUTS[modality])
        problem = problem_of(modality, unlabeled=unlabeled)
        space, bench = equip(problem, CATALOGUE, Settings(), [])
        method = CATALOGUE.methods["dann"]
        names = space.encoders[Arm("dann", "s")]
        assert (names[0] == RAW) is (modality is Modality.IMAGE)
        assert RAW not in names[1:]
        assert RAW not in space.encoders[Arm("pooled", "s")]
        encoder = bench.encoder_for(method, problem.sources[0], names[0])
        assert (encoder is None) is (modality is Modality.IMAGE)
