"""PARC's controlled table: 4 architectures × 8 sources, 7 targets (Bolya, Mittapalli and Hoffman, NeurIPS 2021)."""

from __future__ import annotations

from benchmarks.harness import Arguments, at_most
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting import vision
from benchmarks.selecting.choosing import choosing

_LIMIT = 1.0


def measure(arguments: Arguments) -> Part:
    """Which of 28 networks to fine-tune on a target that is new. The static prior is at 1.30 points."""
    rows = choosing("PARC", vision.choices(vision.parc(arguments.data)))
    return Part(rows, [at_most("PARC: points lost by the first choice", rows[1]["regret"], _LIMIT)])
