"""autotransfer report in every format."""

from __future__ import annotations

import json

import pytest

STARTS = {
    "text": "autotransfer: books\n====",
    "markdown": "# autotransfer: books",
    "html": "<!DOCTYPE html>",
    "json": "{",
}


@pytest.mark.parametrize("form", sorted(STARTS))
def test_formats_on_standard_output(call, saved, form):
    result = call("report", saved().folder, "--format", form)
    assert result.code == 0
    assert result.out.startswith(STARTS[form])
    assert "pooled" in result.out


@pytest.mark.parametrize(
    ("name", "form"), [("r.html", "html"), ("r.md", "markdown"), ("r.json", "json"), ("r.txt", "text")]
)
def test_the_files_ending_chooses_the_format(call, saved, tmp_path, name, form):
    assert call("report", saved().folder, "-o", tmp_path / name).out == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(STARTS[form])


def test_json_is_the_report(call, saved):
    data = json.loads(call("report", saved().folder, "--format", "json").out)
    assert set(data) == {"title", "verdict", "sections", "tone"}


def test_unknown_formats_list_the_known_ones(call, saved):
    result = call("report", saved().folder, "--format", "pdf")
    assert result.code == 2
    assert "choose one of html, json, markdown, text" in result.err
