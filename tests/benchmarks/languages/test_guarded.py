"""What counts as worse."""

from __future__ import annotations

import pytest

from autotransfer.errors import InputError
from benchmarks.crosslingual import run
from benchmarks.harness import Arguments
from benchmarks.languages.guarded import harmful


def test_a_point_is_not_yet_harm() -> None:
    assert not harmful(0.49, 0.5)
    assert harmful(0.489, 0.5)
    assert not harmful(0.6, 0.5)


def test_unknown_parts_are_refused_in_one_line(tmp_path) -> None:
    with pytest.raises(InputError, match="it has words, sentences, sources, guard"):
        run(Arguments(tmp_path, tasks=("word",)))
