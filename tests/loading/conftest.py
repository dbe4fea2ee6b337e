"""A relay with the built-in readers, and small tables with a known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pluggy
import pytest

from autotransfer import builtin, hookspecs
from autotransfer.loading import load_problem
from autotransfer.settings import Settings


@pytest.fixture(scope="session")
def hook():
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(builtin)
    return manager.hook


@pytest.fixture
def load(hook):
    """``load(target, *sources, **settings)``"""

    def run(target, *sources, **options):
        return load_problem(target, sources, Settings(**options), hook)

    return run


@pytest.fixture
def write(tmp_path):
    """``write(name, frame)`` gives the path of a CSV file."""

    def run(name: str, frame: pd.DataFrame) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(path, index=False)
        return str(path)

    return run


@pytest.fixture
def table():
    """``table(n, seed)``: features a, b, c (words) and a label that depends on a."""

    def run(n: int = 40, seed: int = 0, classes: tuple[object, ...] = ("no", "yes")) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=(2, n)).round(6)
        return pd.DataFrame(
            {
                "a": a,
                "b": b,
                "c": rng.choice(["red", "green"], n),
                "label": [classes[i % len(classes)] for i in range(n)],
            }
        )

    return run
