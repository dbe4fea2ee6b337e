"""The name of a build changes with everything that its content depends on, and with nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autotransfer.kernels import sources
from autotransfer.kernels.sources import RECIPES, Recipe


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """The CPU's, with sources of its own."""
    shutil.copytree(sources.CSRC / "cpu", tmp_path / "cpu")
    monkeypatch.setattr(sources, "CSRC", tmp_path)
    return RECIPES["cpu"]


def test_all_sources_are_found() -> None:
    """C++ for the CPU; headers are no sources."""
    names = {path.name for path in RECIPES["cpu"].sources()}
    assert {"isa.cpp", "mmd.cpp", "mmd_avx2.cpp"} <= names
    assert not any(name.endswith(".h") for name in names)


def test_content_depends_on_every_file_the_flags_and_pytorch(recipe: Recipe) -> None:
    """One byte in a header is another build; the same again is the same."""
    first = recipe.content("2.13.0")
    assert first == recipe.content("2.13.0") != recipe.content("2.12.0")
    assert first != replace(recipe, cflags=("-O2",)).content("2.13.0")
    header = recipe.folder / "simd.h"
    before = header.read_text()
    header.write_text(before + "//")
    assert recipe.content("2.13.0") != first
    header.write_text(before)
    assert recipe.content("2.13.0") == first


def test_no_flag_swallows_nan() -> None:
    """Nor chooses the instruction set of the machine that builds."""
    for recipe in RECIPES.values():
        for flag in (*recipe.cflags, *recipe.cuda_cflags):
            assert not any(word in flag for word in ("fast-math", "finite-math", "march", "Ofast"))


def test_the_compiler_is_part_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what it says about itself; None where there is none."""
    recipe = RECIPES["cpu"]
    found = []
    for version in ("1", "2"):
        program = tmp_path / f"cxx{version}"
        program.write_text(f"#!/bin/sh\necho compiler {version}\n")
        program.chmod(0o755)
        monkeypatch.setenv("CXX", str(program))
        found.append(recipe.compiler())
    assert None not in found
    assert found[0] != found[1]
    monkeypatch.setenv("CXX", str(tmp_path / "missing"))
    assert recipe.compiler() is None
