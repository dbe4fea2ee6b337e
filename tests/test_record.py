"""run.json and back: any record comes back equal, and a damaged one is one line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.errors import InputError
from autotransfer.record import from_json, to_json
from autotransfer.trial import (
    Choice,
    Decision,
    Interval,
    JudgedBy,
    KnownError,
    RunRecord,
    Skipped,
    Status,
    TrialRecord,
    Verdict,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
FLOAT = st.floats(allow_nan=False, allow_infinity=False)
MAYBE = st.none() | FLOAT
JSON = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FLOAT | TEXT
PLAIN = st.dictionaries(TEXT, JSON | st.lists(JSON, max_size=2), max_size=3)
CHOICES = st.builds(Choice, TEXT, st.none() | TEXT, st.none() | TEXT, PLAIN)
TRIALS = st.builds(
    TrialRecord,
    st.integers(0, 10**6),
    CHOICES,
    st.sampled_from(Status),
    MAYBE,
    MAYBE,
    FLOAT,
    st.none() | TEXT,
    st.lists(FLOAT, max_size=3).map(tuple),
)
KNOWN = st.builds(KnownError, st.integers(1, 10**6), TEXT, FLOAT, FLOAT, FLOAT, FLOAT, MAYBE)
JUDGES = st.builds(JudgedBy, TEXT, st.booleans(), st.booleans(), st.none() | KNOWN)
VERDICTS = st.builds(
    Verdict,
    decision=st.sampled_from(Decision),
    reason=TEXT,
    choice=CHOICES,
    best_transfer=st.none() | CHOICES,
    baseline=st.none() | CHOICES,
    gain=st.none() | st.builds(Interval, FLOAT, FLOAT, FLOAT, FLOAT),
    p_worse=MAYBE,
    labels_needed=st.none() | st.integers(1, 10**6),
    test_score=MAYBE,
    baseline_test_score=MAYBE,
    estimated=st.booleans(),
    validator=st.none() | JUDGES,
)
RECORDS = st.builds(
    RunRecord,
    name=TEXT,
    status=TEXT,
    metric=TEXT,
    greater_is_better=st.booleans(),
    settings=PLAIN,
    data=PLAIN,
    environment=PLAIN,
    evidence=st.dictionaries(TEXT, st.dictionaries(TEXT, MAYBE, max_size=2), max_size=2),
    risk=st.dictionaries(TEXT, st.dictionaries(TEXT, FLOAT, max_size=2), max_size=2),
    verdict=VERDICTS,
    skipped=st.lists(st.builds(Skipped, TEXT, st.none() | TEXT, TEXT), max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    trials_total=st.integers(0, 10**6),
    seconds=FLOAT,
    created=TEXT,
    leaderboard=st.lists(TRIALS, max_size=2).map(tuple),
)


@settings(max_examples=50, deadline=None)
@given(record=RECORDS)
def test_any_record_comes_back_equal(record):
    """from_json(parse(print(to_json(r)))) = r."""
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


CHOICE = Choice("pooled", "s", "standard", {"learner": {"kind": "linear", "l2": 1.0}})
RECORD = RunRecord("n", "done", "accuracy", True, {}, {}, {}, {}, {}, Verdict(Decision.TRANSFER, "r", CHOICE))


def test_the_shipped_arm_stands_where_the_contract_says():
    content = to_json(RECORD)
    assert content["verdict"]["arm"] == CHOICE.to_json()
    assert content["verdict"]["decision"] == "transfer"
    assert json.loads(json.dumps(content))["format"] == 1


def test_a_run_without_a_verdict_says_how_to_go_on():
    with pytest.raises(InputError, match="--resume"):
        from_json({"name": "n", "verdict": None})


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": {}},
        {"verdict": []},
        {"verdict": "transfer"},
        {"trials": [{}]},
        {"trials": None},
        {"skipped": [{}]},
        {"notes": None},
        {"unknown": 1},
        {"metric": ...},
    ],
    ids=str,
)
def test_what_is_no_run_is_one_line(change):
    content = {key: value for key, value in (to_json(RECORD) | change).items() if value is not ...}
    with pytest.raises(InputError) as caught:
        from_json(content)
    assert len(str(caught.value).splitlines()) == 1


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_damage_to_the_values_is_a_record_or_an_input_error(data):
    """A random value in place of a random field raises nothing else."""
    content = json.loads(json.dumps(to_json(RECORD)))
    place = data.draw(st.sampled_from(["verdict", "trials", "skipped", "notes"]))
    value = data.draw(st.recursive(JSON, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner)))
    if place == "verdict" and data.draw(st.booleans()):
        content["verdict"][data.draw(st.sampled_from(sorted(content["verdict"])))] = value
    else:
        content[place] = value
    try:
        assert isinstance(from_json(content), RunRecord)
    except InputError:
        return
