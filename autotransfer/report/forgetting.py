"""What became of the source's own task: a column of the leaderboard, and a section."""

from __future__ import annotations

from autotransfer.leaderboard import ranked
from autotransfer.report import words
from autotransfer.report.types import Section, Table
from autotransfer.trial import Arm, RunRecord, TrialRecord

_SCENARIOS = {
    "domain-incremental": "domain-incremental (the source has the target's classes)",
    "task-incremental": "task-incremental (the model is told whether a row is of the source's task or of the target's)",
    "class-incremental": "class-incremental (all classes compete)",
}


def column(record: RunRecord) -> tuple[str, ...]:
    """The column's name, where any trial knows what it forgot."""
    return ("forgetting",) if _known(record) else ()


def cell(record: RunRecord, trial: TrialRecord) -> tuple[str, ...]:
    """Of one trial."""
    if not _known(record):
        return ()
    return (words.NONE if trial.kept is None else words.signed(trial.kept.forgetting),)


def note(record: RunRecord) -> str:
    """What the column says."""
    return " Forgetting: what the source's own task lost, positive is worse." if _known(record) else ""


def section(record: RunRecord) -> tuple[Section, ...]:
    """Before and after, of each arm's best trial; nothing where no trial knows."""
    best: dict[Arm, TrialRecord] = {}
    for trial in ranked(record.leaderboard):
        if trial.kept is not None:
            best.setdefault(trial.choice.arm, trial)
    if not best:
        return ()
    rows = tuple(_row(record, trial) for trial in best.values())
    columns = ("arm", "scenario", "before", "after", "after, not told", "forgetting", "status")
    used = dict.fromkeys(trial.kept.scenario for trial in best.values() if trial.kept is not None)
    meaning = "; ".join(_SCENARIOS.get(name, name) for name in used)
    text = (
        f"{record.metric} on source rows that the trial did not learn from: right after it learned the source's own "
        "task, and once it had learned the target. Where the source has several domains: of the one that lost most. "
        f"Scenario: {meaning}. Not told: the target's classes compete with the source's for its rows; a method may be "
        "fine told, and at chance here. Without transfer the source's own model stays as it is: nothing is forgotten."
    )
    return (Section("The source's own task", (text, _limit(record)), (Table(columns, rows),)),)


def _limit(record: RunRecord) -> str:
    points = record.settings.get("keep_source")
    if points is None:
        return "No limit was set: --keep-source POINTS refuses models that forget more."
    return (
        f"--keep-source {points:g}: trials that forget more are refused, and so are arms that do not tell what they "
        "forget. The shipped model is trained on all of the source's rows, so that what it forgets itself is not known."
    )


def _row(record: RunRecord, trial: TrialRecord) -> tuple[str, ...]:
    kept = trial.kept
    if kept is None:
        raise TypeError(f"trial {trial.number} does not know what it forgot")
    scores = (words.score(record, score) for score in (kept.before, kept.after, kept.untold))
    return (str(trial.choice.arm), kept.scenario, *scores, words.signed(kept.forgetting), trial.status.value)


def _known(record: RunRecord) -> bool:
    return any(trial.kept is not None for trial in record.leaderboard)
