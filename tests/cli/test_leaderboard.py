"""autotransfer leaderboard over several runs."""

from __future__ import annotations

import json


def test_methods_are_compared(call, saved):
    result = call("leaderboard", saved("a", 0.1).folder, saved("b", -0.2).folder)
    assert result.code == 0
    lines = [line.split() for line in result.out.splitlines()]
    assert ["no_transfer", "1.500", "1", "0.000", "0", "%", "2"] in lines
    assert ["pooled", "1.500", "1", "−0.050", "50", "%", "2"] in lines


def test_json_holds_plain_numbers(call, saved):
    data = json.loads(call("leaderboard", saved("a", 0.25).folder, "--format", "json").out)
    assert data["standings"][0] == {
        "method": "pooled",
        "mean_rank": 1.0,
        "wins": 1,
        "mean_gain": 0.25,
        "negative_transfer": 0.0,
        "runs": 1,
    }


def test_other_formats(call, saved, tmp_path):
    folder = saved().folder
    assert call("leaderboard", folder, "--format", "markdown").out.startswith("# autotransfer: leaderboard")
    assert call("leaderboard", folder, "-o", tmp_path / "x.html").code == 0
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_at_least_one_run(call):
    assert call("leaderboard").code == 2
