"""The table of methods on the zoo's transformer: which take it, and that heads count on both sides."""

from __future__ import annotations

import pytest

from benchmarks.tuning_parts import transformers
from benchmarks.tuning_parts.methods import WHOLE, methods, small_bars


def test_all_methods_of_the_table_take_the_transformer() -> None:
    assert {WHOLE, *transformers.LITTLE, *transformers.OTHERS} <= set(methods(transformers.MODEL))


def test_bars_say_where_they_are_from() -> None:
    sizes = {WHOLE: (0.5, 1000), "lora": (0.45, 30), "frozen features": (0.4, None)}
    rows = [{"task": "t", "method": name, "accuracy": score, "trained": n} for name, (score, n) in sizes.items()]
    found = {bar.name: bar for bar in small_bars(rows, transformers.LITTLE, " (transformer)")}
    gap = found["lora minus full fine-tuning (transformer) (points)"]
    assert (gap.value, gap.met) == (pytest.approx(-5.0), False)
    assert found["lora: trained parameters over full fine-tuning's (transformer)"].value == pytest.approx(0.03)
    assert len(found) == 2
