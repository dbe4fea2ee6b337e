"""Parts are named, and each is asked."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from autotransfer.errors import InputError
from benchmarks import finetuning
from benchmarks.harness import Arguments, at_least


def test_every_part_can_measure() -> None:
    for name in (*finetuning.PARTS, *finetuning.ASKED_FOR):
        assert callable(import_module(f"benchmarks.tuning_parts.{name}").measure)


def test_parts_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.tuning_parts import precision

    monkeypatch.setattr(precision, "measure", lambda args: ([{"a": 1}], [at_least("b", 2.0, 1.0)]))
    found = finetuning.run(Arguments(Path(), tasks=("precision",)))
    assert found.rows == [{"table": "precision", "a": 1}]
    assert [bar.name for bar in found.bars] == ["b"]
    with pytest.raises(InputError, match="it has methods, "):
        finetuning.run(Arguments(Path(), tasks=("other",)))
