"""Durations, sizes, and the rules of each setting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.errors import InputError
from autotransfer.settings import Settings, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("10m", 600), ("10 min", 600), ("1.5h", 5400), ("2d", 172800), ("250ms", 0.25), (7, 7)],
)
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [("500", 500), ("1k", 2**10), ("500M", 500 * 2**20), ("2G", 2**31), ("2GB", 2**31), ("1.5GiB", 3 * 2**29), (9, 9)],
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "m", "-5m", "1 2", "ten", "5 parsecs", "1e3s", "nan", "inf"])
def test_what_is_neither_is_refused(text):
    for parse in (parse_duration, parse_size):
        with pytest.raises(InputError) as caught:
            parse(text)
        assert len(str(caught.value).splitlines()) == 1


@given(text=st.text(max_size=8))
def test_any_text_is_a_positive_number_or_an_input_error(text):
    for parse in (parse_duration, parse_size):
        try:
            assert parse(text) >= 0
        except InputError:
            continue


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("budget", 0, 0.1),
        ("budget", -1, 60),
        ("budget", float("nan"), 60),
        ("trials", 0, 1),
        ("test_size", 1.0, 0.0),
        ("test_size", -0.1, 0.99),
        ("max_risk", 1.1, 1.0),
        ("max_risk", -0.1, 0.0),
        ("seed", -1, 0),
        ("seed", 2**31, 2**31 - 1),
        ("workers", -1, 0),
        ("trial_timeout", 0, 0.1),
        ("trial_memory", 0, 1),
        ("keep_source", -1, 0),
        ("max_params", 0, 1),
        ("max_latency", 0, 0.001),
        ("epsilon", -1, 0),
        ("alpha", 0, 0.01),
        ("alpha", 0.5, 0.49),
    ],
)
def test_each_rule_names_its_option(name, bad, good):
    assert getattr(Settings(**{name: good}), name) == good
    with pytest.raises(InputError, match=f"--{name.replace('_', '-')} {bad}"):
        Settings(**{name: bad})
