"""A case whose descriptions say everything."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.describing.case import Case, part_of_each, shared_out


@pytest.fixture
def toy() -> Case:
    """Ten classes of twelve rows each, close to their means, which are their descriptions; two are unseen at a time."""
    rng, y = np.random.default_rng(0), np.repeat(np.arange(10), 12)
    places = rng.normal(size=(10, 3))
    X = places[y] + 0.05 * rng.normal(size=(len(y), 3))
    return Case("toy", X.astype(np.float32), y, places, shared_out(10, 2), part_of_each(y, 0.25))
