"""The options of fit are the fields of Settings, one to one."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.cli import options
from autotransfer.cli.fit import COMMAND
from autotransfer.cli.parser import parser_of
from autotransfer.errors import InputError
from autotransfer.settings import Settings


def _settings(*words):
    return options.settings_from(parser_of(COMMAND).parse_args(["target.csv", *words]))


def test_every_field_is_an_option_and_nothing_else_is():
    parsed = vars(parser_of(COMMAND).parse_args(["x"]))
    assert set(parsed) == {field.name for field in fields(Settings)} | {"target", "source", "json"}


def test_without_options_the_defaults_hold():
    assert _settings() == Settings()


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["--budget", "1.5m"], "budget", 90.0),
        (["--trial-memory", "2G"], "trial_memory", 2 * 2**30),
        (["--trial-timeout", "500ms"], "trial_timeout", 0.5),
        (["--max-latency", "20ms"], "max_latency", 0.02),
        (["--max-params", "5M"], "max_params", 5_000_000),
        (["--methods", "pooled, coral"], "methods", ("pooled", "coral")),
        (["--drop", '"a,b",c'], "drop", ("a,b", "c")),
        (["--exclude", ","], "exclude", ()),
        (["--out", "runs/x"], "out", Path("runs/x")),
        (["--workers", "0"], "workers", 0),
        (["--test-size", "0"], "test_size", 0.0),
        (["--seed", "7"], "seed", 7),
    ],
)
def test_values(words, field, value):
    assert getattr(_settings(*words), field) == value


@pytest.mark.parametrize("words", [["--max-params", "lots"], ["--trial-memory", "2X"], ["--max-latency", "fast"]])
def test_wrong_values_name_the_option(words):
    with pytest.raises(InputError, match=f"argument {words[0]}: "):
        _settings(*words)


@given(st.lists(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), max_size=5))
def test_names_come_back_from_their_list(names):
    """names(join(x)) = x."""
    parsed = argparse.ArgumentParser()
    parsed.add_argument("--methods", type=options._names)
    assert parsed.parse_args([f"--methods={','.join(names)}"]).methods == tuple(names)
