"""Candidates of a toy pair, judged by every validator and by labels that nobody else sees."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autotransfer.plugins import load_catalogue
from autotransfer.space import Space
from autotransfer.trial import Arm
from benchmarks.label_free import Effort, Judged, candidates, judge_pair, read
from benchmarks.tasks.pairs import Pair
from benchmarks.tasks.rows import Rows


def cloud(data: Path, seed: int) -> tuple[Rows, Rows]:
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=(2, 60))
    X = [rng.normal(size=(60, 2)) + 4 * labels[:, None] + shift for labels, shift in zip(y, (0.0, 0.5), strict=True)]
    return tuple(Rows(x.astype(np.float32), labels) for x, labels in zip(X, y, strict=True))


def line(data: Path, seed: int) -> tuple[Rows, Rows]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(2, 60, 2)).astype(np.float32)
    return tuple(Rows(x, x[:, 0].astype(float) + 0.1 * rng.normal(size=60)) for x in X)


@pytest.fixture(autouse=True)
def few_methods(monkeypatch):
    """The source alone and CORAL are enough to follow."""
    real = load_catalogue()
    from dataclasses import replace

    few = replace(real, methods={name: real.methods[name] for name in ("source_only", "coral")})
    monkeypatch.setattr("autotransfer.plugins.load_catalogue", lambda: few)
    return few


def test_every_validator_judges_every_candidate(tmp_path, few_methods):
    found = judge_pair(Pair("toy", "toys", cloud), tmp_path, 0, Effort(extra=1, rounds=2))
    assert len(found) == 3
    assert [one.reference for one in found] == [True, False, False]
    for one in found:
        assert set(one.scores) == set(few_methods.validators)
        assert len(one.truth) == 2
        assert all(len(scores) == 2 and None not in scores for scores in one.scores.values())
    assert min(found[0].truth) > 0.9


def test_values_are_judged_by_those_that_take_them(tmp_path, few_methods):
    found = judge_pair(Pair("toy", "toys", line, "rmse"), tmp_path, 0, Effort(extra=0, rounds=1))
    able = {name for name, validator in few_methods.validators.items() if validator.regression}
    assert set(found[0].scores) == able
    assert -0.2 < found[0].truth[0] < 0


def test_a_candidate_that_fails_costs_no_other(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.label_free.SECONDS", -1.0)
    assert judge_pair(Pair("toy", "toys", cloud), tmp_path, 0, Effort(extra=0, rounds=1)) == []
    assert "OutOfTimeError" in capsys.readouterr().out


def test_defaults_come_first_then_chance(few_methods):
    arms = (Arm("source_only", "s"), Arm("coral", "s"))
    space = Space(arms, few_methods.methods, dict.fromkeys(arms, ("standard", "unit")))
    chosen = candidates(space, 4, seed=0)
    assert [c.arm.method for c in chosen[:2]] == ["source_only", "coral"]
    assert len(chosen) == 6
    assert all(c.encoder == "standard" and c.method == type(c.method)() for c in chosen[:2])
    again, other = candidates(space, 4, seed=0), candidates(space, 4, seed=1)
    assert [c.method for c in chosen] == [c.method for c in again]
    assert [c.method for c in chosen] != [c.method for c in other]
    assert len(candidates(space, 0, seed=0)) == 2


def test_a_journal_comes_back_without_a_line_that_was_cut_off(tmp_path):
    one = Judged("p", "f", 0, False, "c", True, (0.5,), {"v": (0.1,), "w": (None,)})
    journal = tmp_path / "journal.jsonl"
    text = json.dumps(one.to_json())
    journal.write_text(f"{text}\n{text[:20]}")
    assert list(read(journal)) == [one]
    assert list(read(tmp_path / "none")) == []
