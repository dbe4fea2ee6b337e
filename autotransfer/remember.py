"""What a run leaves for later runs: its arms as experience, in its folder and in the user's file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autotransfer.experience.gather import gather
from autotransfer.experience.journal import append, lines, store
from autotransfer.experience.reliability import reliability
from autotransfer.selector import Forecast
from autotransfer.session import Session
from autotransfer.trial import RunRecord

FILE = "experience.jsonl"


def remember(session: Session, record: RunRecord) -> None:
    """Keep the arms of a finished run, failed ones too. Of an interrupted one nothing is kept: it may go on."""
    if record.status != "done":
        return
    rows = gather(record, session.problem)
    session.folder.write_text(FILE, lines(rows))
    own = store()
    if own is not None and session.settings.resume is None:  # a resumed run may have been kept before
        append(own, rows)


def forecast_json(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """For ``run.json``: what was forecast for each arm, and how reliable such forecasts were; empty without any."""
    arms: dict[str, dict[str, Any]] = {}
    for forecast in forecasts:
        if forecast.low is not None and forecast.arm.source is not None:
            arms.setdefault(forecast.arm.source, {})[forecast.arm.method] = {
                "gain": forecast.gain,
                "low": forecast.low,
                "high": forecast.high,
                "risk": forecast.risk,
                "seconds": forecast.seconds,
                "little_evidence": forecast.little_evidence,
                "reason": forecast.reason,
            }
    return {"arms": arms, "reliability": reliability() if arms else {}}
