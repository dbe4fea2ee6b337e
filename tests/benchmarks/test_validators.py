"""The command: what it judges, what it writes, and that the default is what the written figures say."""

from __future__ import annotations

import json

import pytest

from autotransfer.errors import InputError
from autotransfer.plugins import load_catalogue
from benchmarks import validators
from benchmarks.harness import Arguments
from benchmarks.label_free import Judged
from benchmarks.tasks.pairs import PAIRS


def made_up(pair, data, seed, effort):
    """The first validator is right, the others are wrong; the truth is 0.6 and 0.8 (or -2 and -1)."""
    values = (-2.0, -1.0) if pair.regression else (0.6, 0.8)
    names = [n for n, v in load_catalogue().validators.items() if v.regression or not pair.regression]
    return [
        Judged(
            pair.name,
            pair.family,
            seed,
            pair.regression,
            f"made {k}",
            k == 0,
            (truth,),
            {name: (float(k if name == names[0] else -k),) for name in names},
        )
        for k, truth in enumerate(values)
    ]


@pytest.fixture
def played(tmp_path, monkeypatch):
    """``run`` with made-up judgements and a file of its own."""
    file = tmp_path / "known_errors.json"
    monkeypatch.setattr(validators, "FILE", file)

    def judge_all(todo, args, effort, journal):
        with journal.open("a") as stream:
            for pair, seed in todo:
                stream.writelines(json.dumps(one.to_json()) + "\n" for one in made_up(pair, None, seed, effort))

    monkeypatch.setattr(validators, "_judge_all", judge_all)

    def play(**options):
        return validators.run(Arguments(tmp_path, resume=tmp_path / "journal.jsonl", **options)), file

    return play


def test_a_full_run_writes_what_reports_read(played):
    result, file = played()
    content = json.loads(file.read_text())
    assert content["measured_by"] == "python -m benchmarks validators"
    assert content["methods"] == ["made"]
    first = next(iter(load_catalogue().validators))
    classes = sum(not pair.regression for pair in PAIRS)
    assert content["classes"][first]["problems"] == classes
    assert content["classes"][first]["regret"] == 0.0
    assert content["classes"]["entropy"]["regret"] == 20.0
    assert "entropy" not in content["values"]
    assert all(bar.met for bar in result.bars)


def test_a_part_of_the_pairs_writes_nothing(played):
    for options in ({"quick": True}, {"tasks": ("digits-mnist",)}):
        result, file = played(**options)
        assert not file.exists()
    assert {row["targets"] for row in result.rows} == {"classes"}
    assert "oracle" in {row["picked by"] for row in result.rows}


def test_an_unknown_pair_is_named(played):
    with pytest.raises(InputError, match="--tasks nothing: validators has no such pair"):
        played(tasks=("nothing",))


def test_the_choice_made_elsewhere_stands_beside(played):
    result, _ = played(tasks=("digits-mnist", "wine-red-white"))
    rows = {row["picked by"].partition(" (")[0]: row for row in result.rows}
    assert rows["chosen on the other families"]["regret"] == 0.0
