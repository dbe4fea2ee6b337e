"""A check runs its body, wraps what goes wrong into one kind of error, and becomes a result."""

from __future__ import annotations

import pytest

from autotransfer.testing.check import Check, CheckReport, CheckResult, ConformanceError, Outcome, require


def broken() -> None:
    require(False, "the rule; the fix")


def crashing() -> None:
    raise ValueError("assignment destination is read-only")


def test_a_broken_promise_says_whose_and_which() -> None:
    with pytest.raises(ConformanceError, match=r"^coral: outputs\[noise\]: the rule; the fix$"):
        Check("coral", "outputs", broken, "noise")()


def test_other_exceptions_become_the_same_error_with_a_hint() -> None:
    with pytest.raises(ConformanceError, match=r"raised ValueError: .* copy before writing") as caught:
        Check("coral", "outputs", crashing)()
    assert isinstance(caught.value.__cause__, ValueError)


def test_skipped_and_exempt_checks_do_not_run() -> None:
    skipped, exempt = Check("a", "b", broken, skip="why"), Check("a", "b", broken, exempt="because")
    skipped()
    exempt()
    assert skipped.result() == CheckResult("a", "b", Outcome.SKIPPED, "why")
    assert exempt.result() == CheckResult("a", "b", Outcome.EXEMPT, "because")


def test_a_report_passes_when_something_was_checked_and_nothing_failed() -> None:
    good, bad = Check("a", "b", lambda: None).result(), Check("a", "b", broken).result()
    assert CheckReport("t", (good,)).passed
    assert not CheckReport("t", ()).passed
    assert CheckReport("t", (good, bad)).failures == (bad,)
    assert not CheckReport("t", (good, bad)).passed
