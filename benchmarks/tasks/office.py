"""Ten kinds of objects in four image collections, 800 SURF visual words (Gong et al., CVPR 2012)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.tasks.rows import Rows, split_per_class
from benchmarks.tasks.task import Parts, Recipe

DOMAINS = ("Caltech10", "amazon", "webcam", "dslr")
PER_CLASS = 3


def domain(data: Path, name: str) -> Rows:
    """One collection."""
    from scipy.io import loadmat

    content = loadmat(data / "office_caltech10_surf" / f"{name}_SURF_L10.mat")
    return Rows(content["fts"].astype(np.float32), content["labels"].ravel().astype(np.int64))


def _load(target: str, data: Path, seed: int) -> Parts:
    train, test = split_per_class(domain(data, target), PER_CLASS, seed)
    return Parts(train, test, {name: domain(data, name) for name in DOMAINS if name != target})


RECIPES = {name: Recipe(f"surf-{name.lower()}", partial(_load, name)) for name in DOMAINS}
