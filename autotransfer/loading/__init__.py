"""From names and settings to a :class:`~autotransfer.problem.Problem`, with a note for everything that was repaired."""

from __future__ import annotations

from autotransfer.loading.align import align_frame
from autotransfer.loading.load import load_problem
from autotransfer.loading.resolve import resolve_data

__all__ = ["align_frame", "load_problem", "resolve_data"]
