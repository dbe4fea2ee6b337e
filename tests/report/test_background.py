"""Evidence, risk, skipped arms, notes and facts."""

from __future__ import annotations

from autotransfer.report import background


def test_evidence_has_a_row_an_estimator_and_a_column_a_source(record):
    table = background.evidence(background.Relatedness(record.evidence)).tables[0]
    assert table.columns == ("estimator", "dvd", "music")
    assert table.rows == (("mmd", "0.500", "1.500"), ("leep", "–", "−0.250"))


def test_what_has_no_value_has_a_reason(record):
    """One line for each reason and the sources that it holds for."""
    reasons = {"dvd": {"leep": "it needs a head", "parc": "no time left"}, "music": {"parc": "no time left"}}
    section = background.evidence(background.Relatedness(record.evidence, reasons=reasons))
    assert section.paragraphs == ("leep on dvd: it needs a head.", "parc on dvd, music: no time left.")
    assert "above" in section.tables[0].note


def test_encoders_have_a_table_of_their_own(record):
    found = background.Relatedness(record.evidence, encoders={"table": {"parc": 0.25}})
    assert background.evidence(found).tables[1].rows == (("parc", "0.250"),)
    assert len(background.evidence(background.Relatedness(record.evidence, encoders={"table": {}})).tables) == 1


def test_risk_is_in_per_cent(record):
    assert background.risk(record.risk).tables[0].rows == (("pooled", "12 %"), ("coral", "< 0.1 %"))


def test_risk_learned_from_past_runs_is_of_a_point(record):
    assert "more than a point" in background.risk(record.risk, learned=True).tables[0].note


def test_nothing_measured_is_said():
    assert background.evidence(background.Relatedness({})).paragraphs
    assert background.risk({}).paragraphs
    assert background.risk({"dvd": {}}).paragraphs
    assert background.skipped(()).paragraphs
    assert background.notes(()).paragraphs


def test_skipped_arms_are_grouped_by_reason(record):
    assert background.skipped(record.skipped).tables[0].rows == (
        ("dvd", "hypernet, finetune", "it needs a pretrained encoder as the source"),
        ("radio", "all methods", "no shared columns"),
    )


def test_passwords_stay_out_of_the_settings(record):
    rows = dict(background.facts("Settings", record.settings).tables[0].rows)
    assert rows["storage"] == "postgresql://me:***@host/db"


def test_every_section_is_there(record):
    titles = [section.title for section in background.all_of_it(record)]
    assert {"Skipped arms", "Notes on the data", "Settings", "Environment"} < set(titles)


def test_risk_speaks_of_the_search_only_after_one(record):
    notes = [background.risk(record.risk, searched=searched).tables[0].note for searched in (True, False)]
    assert ["search" in note for note in notes] == [True, False]
