"""Digits that are easy: each class is a bright pixel of its own."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.tasks.rows import Rows


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Six classes of 20 images, 3 × 3."""
    rng, y = np.random.default_rng(0), np.repeat(np.arange(6), 20)
    images = rng.integers(0, 60, (120, 3, 3), dtype=np.uint8)
    images.reshape(120, 9)[np.arange(120), y] = 255
    return Rows(images, y)
