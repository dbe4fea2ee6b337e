"""Newsgroup posts, two topics, other sub-topics in the source (Lang, ICML 1995; split as in Dai et al., KDD 2007)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.tasks.rows import Rows, split_labelled
from benchmarks.tasks.task import Parts, Recipe

LABELLED = 60
PAIRS = ("comp_vs_sci", "rec_vs_talk")


def part_of(data: Path, pair: str, part: str) -> Rows:
    """Word counts of one part, ``t1`` or ``t2``, of a pair."""
    from scipy.sparse import csr_matrix

    with np.load(data / "newsgroups_crossdomain" / f"{pair}.npz") as file:
        index = (file[f"{part}_data"].astype(np.float32), file[f"{part}_indices"], file[f"{part}_indptr"])
        counts = csr_matrix(index, shape=tuple(file[f"{part}_shape"]))
        return Rows(counts.toarray(), file[f"{part}_y"].astype(np.int64))


def _load(pair: str, data: Path, seed: int) -> Parts:
    train, test = split_labelled(part_of(data, pair, "t2"), LABELLED, seed)
    return Parts(train, test, {"t1": part_of(data, pair, "t1")})


RECIPES = {pair: Recipe(f"newsgroups-{pair.replace('_', '-')}", partial(_load, pair)) for pair in PAIRS}
