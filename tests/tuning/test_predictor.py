"""A saved model holds what differs from its base, and refuses another base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.state import load_state, save_state
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import TunedPredictor, Tuning
from autotransfer.tuning.predictor import kept
from tests.tuning.changes import Added

Begin = Callable[..., Tuning]


def moved(tuning: Tuning) -> TunedPredictor:
    """What moves, moved a little."""
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in tuning.network.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    tuning.network.eval()
    return kept(tuning)


@pytest.mark.parametrize("change", [None, Added()], ids=["whole", "changed"])
def test_it_says_what_the_network_says_also_from_files(
    problem: ToyProblem, begin: Begin, change: Added | None, tmp_path: Path
) -> None:
    tuning = begin(problem, change)
    predictor = moved(tuning)
    with torch.no_grad():
        scores = tuning.network(tuning.rows.X).scores
    expected = torch.softmax(scores.double(), dim=1)
    np.testing.assert_allclose(predictor.predict(problem.task.train), expected, atol=1e-6)
    save_state(tmp_path, predictor.state())
    again = TunedPredictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(problem.test), predictor.predict(problem.test))
    np.testing.assert_array_equal(again.represent(problem.test), predictor.represent(problem.test))
    assert again.trained_parameters == predictor.trained_parameters


def test_only_what_was_trained_is_kept(problem: ToyProblem, begin: Begin) -> None:
    """After a change, and after freezing: head and the moving part, their numbers and bytes."""
    head = {"head.weight", "head.bias"}
    changed, frozen = begin(problem, Added()), begin(problem)
    frozen.freeze(frozen.blocks[0])
    late = {f"backbone.{name}" for name in frozen.blocks[1]}
    for tuning, expected in ((changed, {"backbone.2.added.weight", "backbone.2.added.bias"}), (frozen, late)):
        predictor = moved(tuning)
        assert set(predictor.arrays) == head | expected
        count = sum(array.size for array in predictor.arrays.values())
        assert (predictor.trained_parameters, predictor.trained_bytes) == (count, 4 * count)
        assert predictor.learned().parameters == sum(p.numel() for p in tuning.network.parameters())


def test_values_come_back_in_their_own_units(values: ToyProblem, begin: Begin) -> None:
    tuning = begin(values)
    predictor = kept(tuning)
    with torch.no_grad():
        scores = tuning.network.eval()(tuning.encoder.prepare(values.test)).scores[:, 0]
    expected = scores.double().numpy() * tuning.rows.spread + tuning.rows.level
    np.testing.assert_allclose(predictor.predict(values.test), expected, rtol=1e-4, atol=1e-5)


def test_arrays_that_do_not_fit_are_refused(problem: ToyProblem, begin: Begin) -> None:
    predictor = moved(begin(problem))
    wrong = {**predictor.arrays, "backbone.2.bias": np.zeros(3, np.float32)}
    for arrays, words in ((wrong, "does not fit"), ({**predictor.arrays, "evil": np.zeros(1)}, "has 'evil'")):
        with pytest.raises(InputError, match=words):
            replace(predictor, arrays=arrays).predict(problem.test)
