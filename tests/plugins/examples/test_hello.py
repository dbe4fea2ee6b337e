"""The example package, installed by pip: it is found, its own test passes, and its mathematics hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.problems import rotation_shift

EXAMPLE = Path(__file__).parents[3] / "plugins/examples/autotransfer-hello"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example installed into it, without network."""
    folder = tmp_path_factory.mktemp("site")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *offline, "--target", str(folder), str(EXAMPLE)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def run(site: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_appears_in_the_catalogue(site: Path) -> None:
    code = (
        "from autotransfer.plugins import *; c = load_catalogue(); print(c.owners['method:shrunken_means'], c.problems)"
    )
    assert run(site, "-c", code).split(maxsplit=1)[0] == "hello"


def test_its_own_test_passes(site: Path) -> None:
    own = EXAMPLE / "tests/test_autotransfer_hello.py"
    out = run(site, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "--rootdir", str(site), str(own))
    assert "1 passed" in out


def test_the_means_are_shrunk_as_stated(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """m_c = (n_c t_c + k p_c) / (n_c + k) with the source's mean p_c, itself shrunk by one row of the target's mean.

    A predictor that is linear with columns m_c / s has the nearest m_c as its most probable class.
    """
    monkeypatch.syspath_prepend(site)
    from autotransfer_hello import ShrunkenMeans  # type: ignore[import-not-found, unused-ignore]

    problem = rotation_shift(Modality.FEATURES)
    train, rows, k = problem.task.train, problem.source.rows, 3.0
    means = []
    for label in range(3):
        target, source = train.X[train.labels == label], rows.X[rows.labels == label]
        prior = (source.sum(0) + train.X.mean(0)) / (len(source) + 1)
        means.append((target.sum(0) + k * prior) / (len(target) + k))
    fitted = ShrunkenMeans(strength=k).fit(problem.task, problem.source, Context())
    nearest = np.square(problem.test.X[:, None] - np.array(means)).sum(2).argmin(1)
    assert np.array_equal(fitted.predict(problem.test).argmax(1), nearest)
