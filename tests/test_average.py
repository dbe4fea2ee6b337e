"""The choice that averages two others."""

from __future__ import annotations

import pytest

from autotransfer.average import AVERAGE, average_of, members
from autotransfer.trial import Choice

TRANSFER = Choice("pooled", "s", "standard", {"target_weight": 2.0})
BASELINE = Choice("no_transfer", None, "identity", {})


def test_members_are_what_was_averaged() -> None:
    """members(average_of(a, b)) = (a, b), also by way of JSON; a choice of a trial is its own and only member."""
    average = average_of(TRANSFER, BASELINE)
    assert (average.method, average.source) == (AVERAGE, "s")
    assert members(average) == (TRANSFER, BASELINE)
    assert members(Choice.from_json(average.to_json())) == (TRANSFER, BASELINE)
    assert members(TRANSFER) == (TRANSFER,)


def test_a_choice_that_was_tampered_with_is_refused() -> None:
    with pytest.raises(KeyError):
        members(Choice(AVERAGE, "s", None, {}))
