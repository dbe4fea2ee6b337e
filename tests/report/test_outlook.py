"""What past runs say: a table of forecasts, their reliability, and what could turn the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from autotransfer.report.outlook import outlook
from autotransfer.trial import Decision

TOLD = {
    "gain": 0.02,
    "low": -0.01,
    "high": 0.05,
    "risk": 0.1,
    "seconds": 1.0,
    "little_evidence": False,
    "reason": "mmd",
}
BINS = {"targets": 40, "skill": 0.3, "bins": [{"risk": 0.1, "negative": 0.2, "arms": 50}]}


def forecast(**arms):
    return {"arms": {"dvd": {name: {**TOLD, **told} for name, told in arms.items()}}, "reliability": BINS}


def test_nothing_is_said_where_past_runs_were_not_asked(record):
    assert outlook(record) == ()


def test_forecasts_stand_by_gain_with_their_reasons(record):
    (section,) = outlook(replace(record, forecast=forecast(a={}, b={"gain": 0.3, "reason": "transfer probe"})))
    assert [row[0] for row in section.tables[0].rows] == ["b", "a"]
    assert section.tables[0].rows[0][-1] == "transfer probe"


def test_reliability_is_drawn_with_its_uncertainty(record):
    (section,) = outlook(replace(record, forecast=forecast(a={})))
    (bar,) = section.bars[0].items
    expected = stats.binomtest(10, 50).proportion_ci(0.9, method="wilson")
    assert (bar.mean, bar.low, bar.high) == pytest.approx((0.2, expected.low, expected.high), abs=1e-4)
    assert section.tables[1].rows == (("10 %", "20 %", "50"),)


def test_little_evidence_is_said(record):
    (all_of_them,) = outlook(replace(record, forecast=forecast(a={"little_evidence": True})))
    assert all_of_them.paragraphs[0].startswith("Little evidence: this target is unlike all past ones")
    (some,) = outlook(replace(record, forecast=forecast(a={"little_evidence": True}, b={})))
    assert some.paragraphs[0].startswith("Little evidence for 1 of 2 arms")


def test_the_arm_that_may_gain_most_is_named_unless_transfer_was_chosen(record):
    found = forecast(a={}, b={"high": 0.4})
    refused = replace(record, forecast=found, verdict=replace(record.verdict, decision=Decision.DO_NOT_TRANSFER))
    assert "b × dvd may gain most, up to +0.400" in " ".join(outlook(refused)[0].paragraphs)
    shipped = replace(refused, verdict=replace(record.verdict, decision=Decision.TRANSFER))
    assert "may gain" not in " ".join(outlook(shipped)[0].paragraphs)
