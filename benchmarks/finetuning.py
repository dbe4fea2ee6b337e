"""Pretrained networks trained further: fine-tuning, parameter-efficient tuning and distillation, against training from
scratch and against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeAlias

from autotransfer.errors import InputError
from benchmarks.harness import TABLE, Arguments, Bar, Result

Measure: TypeAlias = Callable[[Arguments], tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]]

PARTS = ("methods", "transformers", "precision", "distillation", "budgets")
"""Modules of ``tuning_parts``, each with ``measure(args)``."""
ASKED_FOR = ("peft_settings",)
"""Those that run where ``--tasks`` names them alone."""


def run(args: Arguments) -> Result:
    """Every part, or those that ``--tasks`` names, in this order. ``--quick``: the smallest form of each, and of the
    budgets none unless they are named."""
    unknown = sorted(set(args.tasks) - {*PARTS, *ASKED_FOR})
    if unknown:
        raise InputError(f"--tasks {unknown[0]}: finetuning has no such part; it has {', '.join((*PARTS, *ASKED_FOR))}")
    rows: list[dict[str, Any]] = []
    bars: list[Bar] = []
    for name in (*PARTS, *ASKED_FOR):
        if name not in (args.tasks or (PARTS[:-1] if args.quick else PARTS)):
            continue
        part: Measure = import_module(f"benchmarks.tuning_parts.{name}").measure
        found, held = part(args)
        rows += [{TABLE: name, **row} for row in found]
        bars += held
    return Result("finetuning", bars, rows)
