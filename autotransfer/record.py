"""``run.json``: a :class:`RunRecord` as JSON and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from autotransfer.errors import InputError
from autotransfer.footprint import Footprint
from autotransfer.kept import Kept
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

FORMAT = 1


def to_json(record: RunRecord) -> dict[str, Any]:
    """The content of ``run.json``. ``verdict.arm`` is what is shipped: ``{method, source, encoder, params}``."""
    content = {"format": FORMAT, **asdict(record)}
    content["verdict"] = {"arm": content["verdict"].pop("choice"), **content["verdict"]}
    content["trials"] = content.pop("leaderboard")
    return content


def from_json(content: dict[str, Any]) -> RunRecord:
    """The inverse of :func:`to_json`. Raises ``InputError`` when the run has no verdict yet or the file is damaged."""
    if content.get("verdict") is None:
        raise InputError(f"run {content.get('name', '?')}: it has not ended; go on with it by --resume")
    try:
        fields = {key: value for key, value in content.items() if key not in ("format", "verdict", "trials", "skipped")}
        return RunRecord(
            **fields | {"notes": tuple(content["notes"]), "tasks": tuple(content.get("tasks", ()))},
            verdict=_verdict(content["verdict"]),
            skipped=tuple(Skipped(s["method"], s["source"], s["reason"]) for s in content["skipped"]),
            leaderboard=tuple(trial_from_json(trial) for trial in content["trials"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"run.json does not hold a run ({error!r}); run fit again with this version") from error


def trial_from_json(data: dict[str, Any]) -> TrialRecord:
    """A trial from ``asdict`` of one."""
    return TrialRecord(
        number=data["number"],
        choice=Choice.from_json(data["choice"]),
        status=Status(data["status"]),
        val_score=data["val_score"],
        gain=data["gain"],
        seconds=data["seconds"],
        error=data["error"],
        fold_scores=tuple(data["fold_scores"]),
        footprint=None if data.get("footprint") is None else Footprint(**data["footprint"]),
        kept=None if data.get("kept") is None else Kept(**data["kept"]),
    )


def _verdict(data: dict[str, Any]) -> Verdict:
    nested = ("arm", "best_transfer", "baseline", "gain", "validator")
    plain = {key: value for key, value in data.items() if key not in nested}
    return Verdict(
        **plain | {"decision": Decision(data["decision"])},
        choice=Choice.from_json(data["arm"]),
        best_transfer=None if data["best_transfer"] is None else Choice.from_json(data["best_transfer"]),
        baseline=None if data["baseline"] is None else Choice.from_json(data["baseline"]),
        gain=None if data["gain"] is None else Interval(**data["gain"]),
        validator=None if data.get("validator") is None else _judged_by(data["validator"]),
    )


def _judged_by(data: dict[str, Any]) -> JudgedBy:
    known = data["known_error"]
    return JudgedBy(**data | {"known_error": None if known is None else KnownError(**known)})
