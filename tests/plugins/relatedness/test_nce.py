"""NCE beside LEEP: see test_leep.py for the definition and the orientation."""

from __future__ import annotations

import math

import pytest
from autotransfer_relatedness.nce import NegativeConditionalEntropy

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.problems import toy_problems

PROBLEMS = {problem.name: problem for problem in toy_problems(Modality.FEATURES)}


def test_it_lies_between_knowing_nothing_and_everything() -> None:
    """-H(Y) <= -H(Y | Z) <= 0; a head for these classes lies nearer to 0 than one that looks elsewhere."""
    shares = [0.0] * 3
    for label in PROBLEMS["source_head"].task.train.labels:
        shares[label] += 1 / len(PROBLEMS["source_head"].task.train)
    entropy = -sum(share * math.log(share) for share in shares)
    found = []
    for name in ("source_head_noise", "source_head"):
        problem = PROBLEMS[name]
        found.append(NegativeConditionalEntropy().estimate(problem.task, problem.source, Context()))
    assert -entropy - 1e-9 <= found[0] < found[1] <= 0.0
    assert found[0] == pytest.approx(-entropy, abs=0.15)
