"""``plugins check``: by plugin name, by method name, by path; and a new package passes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from autotransfer.errors import InputError
from autotransfer.hookspecs import hookimpl
from autotransfer.plugins import load_catalogue
from autotransfer.scaffold import create_plugin
from autotransfer.testing import Outcome, check_target
from autotransfer.testing.check import CheckReport, CheckResult
from autotransfer.testing.target import from_json, to_json
from autotransfer.testing.toys import ToyEncoder


def test_a_method_is_checked_by_its_name() -> None:
    report = check_target("linear_probe")
    assert report.passed
    assert {result.subject for result in report.results} == {"linear_probe"}


def test_a_plugin_is_checked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it brings, and what could not be loaded, under the plugin's name."""
    mine = SimpleNamespace(__name__="mine", encoders=hookimpl(lambda: [ToyEncoder(), 1]))
    monkeypatch.setattr("autotransfer.testing.target.load_catalogue", lambda: load_catalogue([mine]))
    report = check_target("mine")
    assert [(failure.subject, failure.check) for failure in report.failures] == [("mine", "loads")]
    assert {result.subject for result in report.results} == {"mine", "toy"}


@pytest.mark.parametrize("kind", ["project", "package", "module"])
def test_what_is_not_installed_is_checked_by_its_path(tmp_path: Path, kind: str) -> None:
    files = create_plugin("near", tmp_path)
    module = next(file for file in files if file.name == "__init__.py")
    copy = tmp_path / "near_alone.py"
    copy.write_text(module.read_text(encoding="utf-8"), encoding="utf-8")
    target = {"project": tmp_path / "autotransfer-near", "package": module.parent, "module": copy}[kind]
    report = check_target(str(target))
    assert report.failures == ()
    assert report.passed
    assert {result.subject for result in report.results} == {"near"}


def test_what_cannot_be_imported_is_a_failure_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import not_there_at_all\n")
    (failure,) = check_target(str(tmp_path / "bad.py")).failures
    assert "No module named 'not_there_at_all'" in failure.detail
    assert "\n" not in failure.detail


def test_what_a_module_prints_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text("print('{')\n")
    (failure,) = check_target(str(tmp_path / "loud.py")).failures
    assert "implements no hook" in failure.detail


def test_unknown_targets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing is called 'zzz': name a plugin"):
        check_target("zzz")
    with pytest.raises(InputError, match="no such file"):
        check_target(str(tmp_path / "absent.py"))
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(InputError, match="no plugin is declared"):
        check_target(str(tmp_path))


def test_reports_go_through_json() -> None:
    report = CheckReport("t", (CheckResult("a", "b[c]", Outcome.FAILED, "é"), CheckResult("a", "d", Outcome.PASSED)))
    assert from_json(to_json(report)) == report
