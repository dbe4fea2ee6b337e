"""From records to reports."""

from __future__ import annotations

from collections.abc import Mapping

from autotransfer.leaderboard import Comparison
from autotransfer.report import arms, background, forgetting, front, verdict, words
from autotransfer.report.outlook import outlook
from autotransfer.report.tasks import tasks
from autotransfer.report.types import Report, Section, Table
from autotransfer.trial import RunRecord, Skipped


def make_report(record: RunRecord) -> Report:
    """Everything a run has to say."""
    sections = (
        verdict.decided(record),
        arms.leaderboard(record),
        *forgetting.section(record),
        *tasks(record),
        *front.score_against_size(record),
        *outlook(record),
        *background.all_of_it(record),
        arms.every_trial(record),
    )
    return Report(f"autotransfer: {record.name}", verdict.sentence(record), sections, _tone(record))


def make_summary(record: RunRecord, most: int = 10) -> Report:
    """The verdict, the leaderboard and the sources that were given in vain, for the end of a run."""
    sections = (arms.short_leaderboard(record, most), *background.unused(record.skipped))
    return Report(f"autotransfer: {record.name}", verdict.sentence(record), sections, _tone(record))


def assessment_report(
    name: str,
    found: background.Relatedness,
    risk: Mapping[str, Mapping[str, float]],
    notes: tuple[str, ...],
    skipped: tuple[Skipped, ...] = (),
    *,
    learned: bool = False,
) -> Report:
    """Relatedness and risk without a search.

    :param skipped: arms that cannot run; of these the sources are named that no method can use.
    :param learned: whether past runs predicted the risk.
    """
    sources = len(set(found.values) | set(risk))
    headline = f"{sources} source{'' if sources == 1 else 's'} assessed; nothing was trained, so there is no verdict."
    sections = (
        background.evidence(found),
        background.risk(risk, searched=False, learned=learned),
        *background.unused(skipped),
        background.notes(notes),
    )
    return Report(f"autotransfer: {name}", headline, sections)


def comparison_report(comparison: Comparison) -> Report:
    """Methods compared over several runs."""
    rows = tuple(
        (
            standing.method,
            words.number(standing.mean_rank),
            str(standing.wins),
            words.signed(standing.mean_gain),
            words.percent(standing.negative_transfer),
            str(standing.runs),
        )
        for standing in comparison.standings
    )
    note = (
        "A method's best trial speaks for it in each run. Rank 1 is best, ties share their average; negative transfer: "
        "share of runs with a gain below 0 against the best no-transfer trial (validation scores)."
    )
    if len(comparison.metrics) > 1:
        note += f" No mean gain: the runs are scored by {', '.join(comparison.metrics)}."
    columns = ("method", "mean rank", "wins", "mean gain", "negative transfer", "runs")
    n = len(comparison.runs)
    runs = Section("Runs", (", ".join(comparison.runs),))
    headline = f"{len(rows)} method{'' if len(rows) == 1 else 's'} over {n} run{'' if n == 1 else 's'}."
    return Report("autotransfer: leaderboard", headline, (Section("Methods", (), (Table(columns, rows, note),)), runs))


def _tone(record: RunRecord) -> str:
    return verdict.TONES[record.verdict.decision]
