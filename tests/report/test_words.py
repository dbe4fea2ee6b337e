"""Numbers and settings in words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.report import words
from autotransfer.trial import Interval


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.81, "0.810"),
        (0.0, "0.000"),
        (-0.15, "−0.150"),
        (1234.56, "1235"),
        (0.00012, "0.0001"),
        (0.00077, "0.001"),
        (12.345, "12.35"),
    ],
)
def test_number(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize("unknown", [None, math.nan])
def test_unknown_numbers_are_a_dash(unknown):
    assert words.number(unknown) == words.signed(unknown) == words.percent(unknown) == "–"


@given(st.floats(-1e6, 1e6))
def test_number_is_right_to_three_digits(value):
    """|read(number(x)) - x| <= 0.0005 max(1, |x|)."""
    read = float(words.number(value).replace("−", "-"))
    assert abs(read - value) <= 0.0005 * max(1.0, abs(value)) * 1.001


def test_signed_marks_both_directions():
    assert [words.signed(value) for value in (0.1, 0.0, -0.1)] == ["+0.100", "0.000", "−0.100"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0012, "0.1 %"), (0.05, "5 %"), (0.123, "12 %"), (1.0, "100 %"), (0.0, "0 %"), (1e-9, "< 0.1 %")],
)
def test_percent(share, text):
    assert words.percent(share) == text


def test_interval_states_mean_level_and_ends():
    assert words.interval(Interval(0.11, -0.06, 0.16, 0.9)) == "gain +0.110, 90 % interval −0.060 to +0.160"


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (999, "999"), (1234, "1.23k"), (25_600_000, "25.6M")])
def test_amounts(count, text):
    assert words.amount(count) == text


def test_kilobytes_and_milliseconds():
    assert [words.kilobytes(count) for count in (28, 48_600, 1_230_400)] == ["0.028", "48.6", "1230"]
    assert words.milliseconds(0.000326) == "0.326"


@pytest.mark.parametrize(("value", "text"), [(8.24, "8.2 s"), (250, "4 min 10 s"), (7500, "2 h 5 min")])
def test_seconds(value, text):
    assert words.seconds(value) == text


def test_plain_masks_the_password_of_a_url():
    assert words.plain("postgresql://me:secret@host:5432/db") == "postgresql://me:***@host:5432/db"
    assert words.plain({"storage": "redis://:secret@host"}) == "storage redis://:***@host"


def test_plain_reads_nested_settings():
    assert (
        words.plain({"learner": {"kind": "logistic", "l2": 0.25}, "on": True}) == "learner logistic (l2 0.25), on yes"
    )
    assert words.plain({"kind": "tree"}) == "tree"


def test_plain_of_odd_values():
    assert [words.plain(value) for value in (None, (), [1, 2.5], Path("a/b"), 7)] == ["–", "–", "1, 2.5", "a/b", "7"]
