"""IBM Model 1 on an example worked out by hand, and against what expectation maximisation promises."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from autotransfer_crosslingual.ibm1 import maximised, paired, translation_table
from autotransfer_crosslingual.vocabulary import Vocabulary

THERE, HERE = Vocabulary(("a", "b")), Vocabulary(("x", "y"))
SOURCE, TARGET = ("a b", "a"), ("x y", "x")


def test_one_round_by_hand() -> None:
    """Equal shares: 1/3 to each of (empty, a, b) in the first pair, 1/2 to each of (empty, a) in the second.

    c(x|a) = 1/3 + 1/2 = 5/6 and c(y|a) = 1/3, so t(x|a) = 5/7; b has 1/3 for either word.
    """
    found = translation_table(SOURCE, TARGET, THERE, HERE, rounds=1).toarray()
    np.testing.assert_allclose(found, [[5 / 7, 2 / 7], [1 / 2, 1 / 2]])


def test_two_rounds_by_hand() -> None:
    """First pair: x has 5/7, 5/7, 1/2 of empty, a, b, shares 10/27, 10/27, 7/27; y has 2/7, 2/7, 1/2, shares 4/15,
    4/15, 7/15. Second pair: 1/2 each. So c(x|a) = 10/27 + 1/2 = 47/54 and c(y|a) = 4/15: t(x|a) = 235/307; for b
    7/27 and 7/15: t(x|b) = 5/14."""
    found = translation_table(SOURCE, TARGET, THERE, HERE, rounds=2).toarray()
    np.testing.assert_allclose(found, [[235 / 307, 72 / 307], [5 / 14, 9 / 14]])


def test_the_likelihood_never_falls(rng) -> None:
    """Σ log Σ t(target | source) over running target words grows with every round."""
    there, here = Vocabulary(tuple("abcde")), Vocabulary(tuple("vwxyz"))
    source, target = ([" ".join(rng.choice(list(part), 4)) for _ in range(12)] for part in ("abcde", "vwxyz"))
    cells = paired(source, target, there, here)

    def likelihood(rounds: int) -> float:
        t = maximised(cells, np.full(len(cells.given), 0.2), 6, rounds)
        return float(np.log(np.bincount(cells.position, t[cells.kind])).sum())

    values = [likelihood(rounds) for rounds in range(1, 8)]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(values))


def test_rows_are_distributions(rng) -> None:
    found = translation_table(SOURCE, TARGET, THERE, HERE)
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize(("source", "target"), [((), ()), (("q",), ("r",)), (("",), ("",)), (("a",), ("",))])
def test_nothing_to_learn_gives_an_empty_table(source: tuple[str, ...], target: tuple[str, ...]) -> None:
    assert translation_table(source, target, THERE, HERE).nnz == 0
