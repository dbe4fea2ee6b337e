"""autotransfer fit, with an engine that does nothing."""

from __future__ import annotations

import json

from autotransfer.errors import InputError, InterruptedRunError
from autotransfer.progress import Progress
from autotransfer.settings import Settings


def test_verdict_leaderboard_and_place_are_printed(call, engine, saved):
    engine.outcome = saved()
    result = call("fit", "books.csv", "--source", "dvd.csv", "--source", "demo:x", "--budget", "9s")
    assert result.code == 0
    assert "Transfer: pooled × dvd on table; accuracy 0.800 against 0.700 without transfer" in result.out
    assert "baseline" in result.out
    assert str(engine.outcome.folder) in result.out
    ((target, sources, settings, progress),) = engine.calls
    assert (target, sources, settings) == ("books.csv", ["dvd.csv", "demo:x"], Settings(budget=9.0))
    assert isinstance(progress, Progress)


def test_json_is_one_document_on_stdout_and_nothing_else(call, engine, saved):
    engine.outcome = saved()
    result = call("fit", "books.csv", "--json")
    document = json.loads(result.out)
    assert document["run"] == str(engine.outcome.folder)
    assert document["verdict"]["decision"] == "transfer"
    assert document["verdict"]["arm"]["method"] == "pooled"
    assert "noise of a library" in result.err


def test_interrupted_runs_show_the_best_so_far_and_exit_with_3(call, engine, saved):
    engine.outcome = InterruptedRunError("interrupted after 2 trials", saved())
    result = call("fit", "books.csv")
    assert result.code == 3
    assert "Transfer: pooled" in result.out
    assert result.err.endswith("autotransfer: interrupted after 2 trials\n")


def test_interrupted_runs_print_json_too(call, engine, saved):
    engine.outcome = InterruptedRunError("interrupted", saved())
    result = call("fit", "books.csv", "--json")
    assert result.code == 3
    assert json.loads(result.out)["trials_total"] == 2


def test_unusable_data_are_one_line(call, engine):
    engine.outcome = InputError("books.csv: it is empty; give a table with a header and rows")
    result = call("fit", "books.csv")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[-1] == "autotransfer: books.csv: it is empty; give a table with a header and rows"


def test_a_demo_brings_its_sources_and_test_rows(call, engine, saved):
    engine.outcome = saved()
    call("fit", "demo:penguins")
    assert engine.calls[0][1] == ["demo:penguins-adelie", "demo:penguins-chinstrap"]
    assert engine.calls[0][2].test == "demo:penguins-test"


def test_the_zero_shot_demo_brings_its_descriptions(call, engine, saved):
    engine.outcome = saved()
    call("fit", "demo:zeroshot")
    call("fit", "demo:zeroshot", "--classes", "mine.csv")
    assert [arguments[2].classes for arguments in engine.calls] == ["demo:zeroshot-classes", "mine.csv"]


def test_a_demo_leaves_what_was_asked_for(call, engine, saved):
    engine.outcome = saved()
    call("fit", "demo:penguins", "--source", "mine.csv")
    call("fit", "demo:penguins", "--test", "mine.csv")
    call("fit", "demo:penguins-adelie")
    assert [(arguments[1], arguments[2].test) for arguments in engine.calls] == [
        (["mine.csv"], None),
        (["demo:penguins-adelie", "demo:penguins-chinstrap"], "mine.csv"),
        ([], None),
    ]
