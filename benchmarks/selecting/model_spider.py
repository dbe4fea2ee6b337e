"""Model Spider's table: 3 architectures × 22 sources, 7 targets (Zhang et al., NeurIPS 2023)."""

from __future__ import annotations

from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting import vision
from benchmarks.selecting.choosing import choosing
from benchmarks.selecting.held_out import forecast, leave_target_out
from benchmarks.selecting.scores import auroc, calibration_error, skill

_REGRET, _TAU = 0.9, 0.65


def measure(arguments: Arguments) -> Part:
    """Which of 66 networks to fine-tune; and P(a source is worse than the ImageNet start), of which 90 % are.

    The static prior is at 1.05 points and a weighted tau of 0.62.
    """
    table = vision.model_spider(arguments.data)
    rows = choosing("Model Spider", vision.choices(table))
    told = forecast(leave_target_out(vision.transfers(table)))
    found = skill(told.risk, told.negative, told.share)
    rows.append(
        {
            "table": "Model Spider",
            "selector": "foresight, risk",
            "covered": told.covered,
            "AUROC": auroc(told.risk, told.negative),
            "Brier skill": found,
            "calibration error": calibration_error(told.risk, told.negative),
        }
    )
    bars = [
        at_most("Model Spider: points lost by the first choice", rows[1]["regret"], _REGRET),
        at_least("Model Spider: weighted tau", rows[1]["weighted tau"], _TAU),
        Bar("Model Spider: Brier skill of P(negative)", found, "> 0", found > 0),
    ]
    return Part(rows, bars)
