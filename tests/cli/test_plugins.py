"""autotransfer plugins: list, check, new."""

from __future__ import annotations

import json

import pytest

from autotransfer.testing import target
from autotransfer.testing.check import CheckReport, CheckResult, Outcome


def test_the_list_is_the_default_and_names_what_plugins_bring(call):
    listed = call("plugins")
    assert listed == call("plugins", "list")
    assert "method coral" in listed.out


@pytest.mark.parametrize("words", [["--json"], ["list", "--json"], ["--json", "list"]])
def test_the_list_as_json(call, words):
    found = json.loads(call("plugins", *words).out)["plugins"]
    assert "method coral" in next(plugin for plugin in found if plugin["name"] == "adaptation")["brings"]


def test_broken_plugins_are_told_with_their_fix(call, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_PLUGINS", "missing-one")
    out = call("plugins").out
    assert "1 problem." in out
    assert "missing-one" in out
    assert "install it" in out


def _report(*outcomes):
    results = tuple(CheckResult("mine", f"check{n}", outcome, f"detail {n}") for n, outcome in enumerate(outcomes))
    return CheckReport("mine", results)


@pytest.mark.parametrize(
    ("outcomes", "code"), [((Outcome.PASSED, Outcome.SKIPPED), 0), ((Outcome.PASSED, Outcome.FAILED), 2), ((), 2)]
)
def test_check_exits_with_2_unless_everything_passes(call, monkeypatch, outcomes, code):
    monkeypatch.setattr(target, "check_target", lambda name: _report(*outcomes))
    result = call("plugins", "check", "mine")
    assert result.code == code
    assert ("does not pass" in result.out) == (code == 2)
    found = json.loads(call("plugins", "check", "mine", "--json").out)
    assert found["passed"] == (code == 0)
    assert [row["outcome"] for row in found["results"]] == [outcome.value for outcome in outcomes]


def test_failures_are_explained(call, monkeypatch):
    monkeypatch.setattr(target, "check_target", lambda name: _report(Outcome.FAILED))
    assert "detail 0" in call("plugins", "check", "mine").out


def test_new_writes_a_package_and_says_what_to_do(call, tmp_path):
    result = call("plugins", "new", "nearest-mean", "--out", tmp_path)
    assert result.code == 0
    project = tmp_path / "autotransfer-nearest-mean"
    assert f"pip install -e {project}" in result.out
    assert (project / "pyproject.toml").is_file()
    assert call("plugins", "new", "nearest-mean", "--out", tmp_path).code == 2
