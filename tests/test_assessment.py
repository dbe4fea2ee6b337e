"""Assessment: what is said of a source before anything is trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import autotransfer
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.settings import Settings

WEIGHTS = np.array([2.0, -1.0, 1.0, 0.0])


def rows(name: str, n: int, seed: int, *, flip: bool = False) -> RawData:
    """Two classes with a linear border; ``flip`` exchanges the labels."""
    X = np.random.default_rng(seed).normal(size=(n, len(WEIGHTS)))
    names = np.array(["yes", "no"] if flip else ["no", "yes"], dtype=object)
    return RawData(name, Modality.FEATURES, X, names[(X @ WEIGHTS > 0).astype(int)])


@pytest.fixture(scope="module")
def found():
    sources = [rows("same", 300, 1), rows("flipped", 300, 2, flip=True)]
    return autotransfer.assess(rows("target", 40, 0), sources)


def test_every_estimator_says_something_about_every_source(found):
    assert (found.name, found.rows) == ("target", 40)
    for values in found.evidence.values():
        assert set(values) == set(found.reading)
    assert all(how["better"] in ("higher", "lower") and how["meaning"] for how in found.reading.values())
    assert set(found.evidence) >= {"same", "flipped"}
    names = {frozenset(values) for values in found.evidence.values()}
    assert len(names) == 1
    assert "transfer_probe" in next(iter(names))


def test_what_does_not_depend_on_a_source_is_no_evidence_about_it(found):
    """A source of rows has no score of a representation: the run's own encoders have, in a table of their own."""
    for values, reasons in zip(found.evidence.values(), found.reasons.values(), strict=True):
        assert values["logme"] is values["parc"] is values["leep"] is None
        assert "a pretrained encoder" in reasons["logme"]
    assert "standard" in found.encoders
    assert all(set(values) <= set(found.reading) for values in found.encoders.values())
    assert all(value is not None for values in found.encoders.values() for value in values.values())


def test_flipped_labels_are_riskier_than_the_same_rule(found):
    """P(gain < 0) of each method is higher on the source whose labels contradict the target's."""
    assert set(found.risk["same"]) == set(found.risk["flipped"]) != set()
    for method, risk in found.risk["same"].items():
        assert 0 <= risk < found.risk["flipped"][method] <= 1
    assert found.evidence["same"]["cross_domain_score"] > found.evidence["flipped"]["cross_domain_score"]


def test_arms_that_cannot_run_have_a_reason(found):
    assert found.skipped
    assert all(arm.reason for arm in found.skipped)


def test_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    autotransfer.assess(rows("target", 30, 0), [rows("same", 60, 1)])
    assert list(tmp_path.iterdir()) == []


def test_without_time_there_is_no_estimate_but_a_note():
    found = autotransfer.assess(rows("target", 30, 0), [rows("same", 60, 1)], budget=0.0)
    assert set(found.evidence["same"].values()) == {None}
    assert any("no time left" in note for note in found.notes)


def test_unknown_methods_are_refused():
    with pytest.raises(InputError, match="no such method"):
        autotransfer.assess(rows("target", 30, 0), [rows("same", 60, 1)], settings=Settings(methods=("nonsense",)))


def test_without_labels_only_estimators_that_need_none_speak():
    bare = replace(rows("target", 30, 0), labels=None)
    found = autotransfer.assess(bare, [rows("same", 60, 1)])
    assert found.rows == 0
    assert found.risk == {"same": {}}
    assert {name for name, value in found.evidence["same"].items() if value is not None} >= {"mmd", "proxy_a_distance"}
    assert found.evidence["same"]["transfer_probe"] is None
