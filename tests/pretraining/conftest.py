"""Data sets that a small network learns in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from autotransfer.plugins import load_catalogue


@pytest.fixture(scope="session")
def hook():
    return load_catalogue().hook


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bright reddish and dark bluish images, 60 of each class, and 10 without a label."""
    folder = tmp_path_factory.mktemp("data") / "photos"
    rng = np.random.default_rng(0)
    for name, level, count in (
        ("bright", (200, 60, 60), 60),
        ("dark", (60, 60, 120), 60),
        ("unlabeled", (99,) * 3, 10),
    ):
        (folder / name).mkdir(parents=True)
        for index in range(count):
            image = np.clip(rng.normal(level, 40, (16, 16, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(image).save(folder / name / f"{index:03}.png")
    return folder


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts in which words of one of two kinds come together."""
    rng = np.random.default_rng(0)
    kinds = {"good": ["fine", "great", "lovely", "superb"], "bad": ["poor", "awful", "dull", "weak"]}
    rows = []
    for _ in range(200):
        label = ("good", "bad")[rng.integers(2)]
        rows.append((" ".join(rng.choice([*kinds[label], "film", "the"], 12)), label))
    path = tmp_path_factory.mktemp("data") / "reviews.csv"
    pd.DataFrame(rows, columns=["text", "label"]).to_csv(path, index=False)
    return path
