"""``plugins new``: names are checked, nothing is overwritten, and the example package is the template filled in."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autotransfer.errors import InputError
from autotransfer.scaffold import create_plugin, write_package

EXAMPLE = Path(__file__).parents[2] / "plugins/examples/autotransfer-hello"


@pytest.mark.parametrize("name", ["near-mean", "near_mean", "autotransfer-near-mean"])
def test_names_may_be_written_in_several_ways(tmp_path: Path, name: str) -> None:
    files = create_plugin(name, tmp_path)
    project = tmp_path / "autotransfer-near-mean"
    assert all(file.is_file() and file.is_relative_to(project) for file in files)
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared["name"] == "autotransfer-near-mean"
    assert declared["entry-points"] == {"autotransfer": {"near-mean": "autotransfer_near_mean"}}
    source = (project / "src/autotransfer_near_mean/__init__.py").read_text(encoding="utf-8")
    assert [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)] == ["NearMean"]
    assert 'name = "near_mean"' in source


@pytest.mark.parametrize("name", ["", "Near", "2near", "near mean", "near--mean", "../near", "näher", "-", "near-"])
def test_other_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="use lower case letters and digits"):
        create_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_its_test_passes_as_written_without_an_installation(tmp_path: Path) -> None:
    project = create_plugin("near", tmp_path)[0].parent
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first = create_plugin("near", tmp_path)
    first[0].write_text("mine")
    with pytest.raises(InputError, match="exists: choose another name"):
        create_plugin("near", tmp_path)
    assert first[0].read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        create_plugin("near", tmp_path / "file")


def test_the_example_is_the_template_filled_in(tmp_path: Path) -> None:
    files = write_package(tmp_path / "autotransfer-hello", "shrunken_means", "ShrunkenMeans")
    for file in files:
        example = EXAMPLE / file.relative_to(tmp_path / "autotransfer-hello")
        assert file.read_text(encoding="utf-8") == example.read_text(encoding="utf-8"), example


def test_the_example_is_short() -> None:
    lines = (EXAMPLE / "src/autotransfer_hello/__init__.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 36
    assert len((EXAMPLE / "tests/test_autotransfer_hello.py").read_text(encoding="utf-8").splitlines()) == 3
