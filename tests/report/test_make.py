"""Reports from records."""

from __future__ import annotations

from dataclasses import replace

from autotransfer.leaderboard import compare
from autotransfer.report import Relatedness, assessment_report, comparison_report, make_report, make_summary
from autotransfer.trial import Skipped


def test_report_tells_everything(record):
    report = make_report(record)
    assert report.title == "autotransfer: books"
    assert report.tone == "good"
    assert [section.title for section in report.sections[:2]] == ["How it was decided", "Leaderboard"]
    text = repr(report)
    for found in (
        *record.notes,
        *(arm.reason for arm in record.skipped),
        *record.evidence,
        "2026-08-01T10:00:00+00:00",
    ):
        assert found in text


def test_summary_is_the_verdict_the_leaderboard_and_what_was_given_in_vain(record):
    summary = make_summary(record)
    assert summary.verdict == make_report(record).verdict
    assert [section.title for section in summary.sections] == ["Leaderboard", "Sources that are not used"]
    assert summary.sections[1].paragraphs == ("radio: no shared columns",)
    summary = make_summary(replace(record, skipped=record.skipped[:2]))
    assert [section.title for section in summary.sections] == ["Leaderboard"]


def test_assessment_has_no_verdict(record):
    reading = {"mmd": {"better": "lower", "unit": "distance", "meaning": "0: the same rows."}}
    report = assessment_report("books", Relatedness(record.evidence, reading), record.risk, ("a note",))
    assert report.verdict.startswith("2 sources assessed")
    assert report.tone == "plain"
    assert report.sections[0].tables[1].rows == (("mmd", "lower", "0: the same rows."),)


def test_assessment_names_the_sources_that_nothing_can_use(record):
    """A reason that begins with the source's name does not repeat it."""
    skipped = (Skipped("*", "radio", "radio: it has no rows"), Skipped("pooled", "dvd", "it needs labels"))
    report = assessment_report("books", Relatedness({}), {}, (), skipped)
    found = {section.title: section.paragraphs for section in report.sections}
    assert found["Sources that are not used"] == ("radio: it has no rows",)


def test_comparison_of_several_runs(record):
    report = comparison_report(compare([record, record]))
    assert report.verdict == "3 methods over 2 runs."
    assert report.sections[0].tables[0].rows[0] == ("pooled", "1.000", "2", "+0.110", "0 %", "2")


def test_comparison_over_unlike_metrics_has_no_mean_gain(record):
    report = comparison_report(compare([record, replace(record, metric="roc_auc")]))
    table = report.sections[0].tables[0]
    assert {row[3] for row in table.rows} == {"–"}
    assert "accuracy, roc_auc" in table.note
