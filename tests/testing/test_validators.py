"""The kit lets a sound validator pass and catches each flaw by the check that is named for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import pytest

from autotransfer.testing import ConformanceError, Outcome, check_validator, validator_checks
from autotransfer.validator import Clue, LabelFree, Validator


def sureness(self: Any, evidence: LabelFree) -> float:
    """Mean largest probability."""
    rows = evidence.target_predictions
    return float(rows.max(axis=1).mean()) if len(rows) else float("nan")


def validator(score: Callable[..., Any] = sureness, **changed: Any) -> Validator:
    """How sure the model is, with something in it replaced."""
    members: dict[str, Any] = {
        "__doc__": "Mean largest probability (standard practice).",
        "name": "sureness",
        "needs": Clue.TARGET,
        "higher_is_better": True,
        "unit": "probability, 1 / C to 1",
        "cost": "O(n C)",
        "meaning": "1: sure of every row.",
        "reference": "standard practice",
        "score": score,
        **changed,
    }
    made: Validator = final(dataclass(frozen=True)(type("Sureness", (Validator,), members)))()
    return made


def dice(self: Any, evidence: LabelFree) -> float:
    return sureness(self, evidence) + 1e-3 * float(np.random.normal())


def turned_round(self: Any, evidence: LabelFree) -> float:
    return -sureness(self, evidence)


def greedy(self: Any, evidence: LabelFree) -> float:
    return sureness(self, evidence) + float(np.nan_to_num(evidence.held_predictions).sum())


def refits(self: Any, evidence: LabelFree) -> float:
    evidence.refit(evidence.known, evidence.target, evidence.held)
    return sureness(self, evidence)


def first_row(self: Any, evidence: LabelFree) -> float:
    return float(evidence.target_predictions[0].max()) + sureness(self, evidence)


def first_class(self: Any, evidence: LabelFree) -> float:
    return sureness(self, evidence) + 1e-3 * float(evidence.target_predictions[::2, 0].mean())


def vandal(self: Any, evidence: LabelFree) -> float:
    rows = evidence.target_predictions
    rows.flags.writeable = True
    rows[0] = rows[0] + 0.0
    rows *= 1.0 + 1e-9
    return sureness(self, evidence)


def brittle(self: Any, evidence: LabelFree) -> float:
    if len(evidence.target) < 2:
        raise ValueError("too few rows")
    return sureness(self, evidence)


def picky(self: Any, evidence: LabelFree) -> float:
    if len(np.unique(evidence.target_predictions.argmax(1))) < 2 < len(evidence.target):
        raise ValueError("one class")
    return sureness(self, evidence)


def slow(self: Any, evidence: LabelFree) -> float:
    end = time.process_time() + (0.5 if len(evidence.target) > 1000 else 0.0)
    while time.process_time() < end:
        pass
    return sureness(self, evidence)


def undefined(self: Any, evidence: LabelFree) -> float:
    return float("nan")


def test_a_sound_validator_passes() -> None:
    check_validator(validator())


@pytest.mark.parametrize(
    ("flawed", "check"),
    [
        (lambda: validator(lambda self, evidence: 1), "finite"),
        (lambda: validator(undefined), "finite"),
        (lambda: validator(turned_round), "right_over_wrong"),
        (lambda: validator(dice), "deterministic"),
        (lambda: validator(greedy), "needs_suffice"),
        (lambda: validator(refits), "needs_suffice"),
        (lambda: validator(vandal), "inputs_unmodified"),
        (lambda: validator(first_row), "order_of_rows"),
        (lambda: validator(first_class), "names_of_classes"),
        (lambda: validator(brittle), "few_rows"),
        (lambda: validator(picky), "collapsed"),
        (lambda: validator(needs=Clue.NONE), "declaration"),
        (lambda: validator(reference=" "), "declaration"),
        (lambda: validator(unit=None), "declaration"),
        (lambda: validator(classification=False), "declaration"),
        (lambda: validator(name="Not A Name"), "declaration"),
    ],
)
def test_each_flaw_is_caught_by_its_check(flawed: Callable[[], Validator], check: str) -> None:
    failed = {
        result.check.partition("[")[0]
        for result in (found.result() for found in validator_checks(flawed()))
        if result.outcome is Outcome.FAILED
    }
    assert check in failed


def test_a_slow_one_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autotransfer.testing.validators.SECONDS", 0.3)
    (quick,) = (found for found in validator_checks(validator(slow)) if found.label == "quick[classes]")
    assert "sample rows" in quick.result().detail


def test_values_are_asked_of_those_that_take_them() -> None:
    skipped = [found for found in validator_checks(validator()) if found.skip]
    assert {found.case for found in skipped} == {"values"}


def test_an_exemption_needs_a_check_and_a_reason() -> None:
    with pytest.raises(ValueError, match="no check is called"):
        check_validator(validator(), exempt={"nothing": "why"})
    with pytest.raises(ConformanceError, match="sureness: deterministic"):
        check_validator(validator(dice), exempt={"order_of_rows": "chance", "needs_suffice": "chance"})
