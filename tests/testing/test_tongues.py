"""The toy languages hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.bridge import words
from autotransfer.data import Modality
from autotransfer.testing.problems import toy_problems
from autotransfer.testing.tongues import other_language, other_language_noise


def vocabulary(data) -> set[str]:
    return {word for text in data.inputs for word in words(text)}


def test_only_names_are_common() -> None:
    problem = other_language()
    common = vocabulary(problem.source.rows) & vocabulary(problem.task.train)
    assert common
    assert all(word.startswith("name") for word in common)


def test_noise_has_no_common_word() -> None:
    problem = other_language_noise()
    assert not vocabulary(problem.source.rows) & vocabulary(problem.task.train)


def test_every_source_row_is_translated() -> None:
    problem = other_language()
    assert problem.task.bridge is not None
    found = [problem.task.bridge.translated[text] for text in problem.source.rows.inputs]
    assert {word for text in found for word in words(text)} <= vocabulary(problem.task.unlabeled)


@pytest.mark.parametrize("problem", toy_problems(Modality.TEXT)[-4:], ids=lambda problem: problem.name)
def test_nothing_can_be_written_to(problem) -> None:
    for part in (problem.task.unlabeled, problem.source.rows, problem.test):
        assert not np.asarray(part.inputs).flags.writeable
