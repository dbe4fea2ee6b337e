"""The simulated crowd, and the search in a process of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.harness import Arguments
from benchmarks.selecting import many_sources

WIDTH = 12


@pytest.fixture
def domains() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {f"domain {i}": rng.normal(size=(5, 6, WIDTH)) + 3 * rng.normal(size=WIDTH) for i in range(4)}


def test_simulate(domains: dict[str, np.ndarray]) -> None:
    """As many as asked, 2 to 16 classes each, equal for equal seeds, and within the hull of what they are made of."""
    crowd = many_sources.simulate(domains, 50, seed=0)
    sizes = np.diff(crowd.offsets)
    assert len(sizes) == 50
    assert sizes.min() >= 2
    assert sizes.max() <= 16
    again = many_sources.simulate(domains, 50, seed=0)
    np.testing.assert_array_equal(crowd.means, again.means)
    assert not np.array_equal(crowd.means[:5], many_sources.simulate(domains, 50, seed=1).means[:5])
    everything = np.concatenate([rows.reshape(-1, WIDTH) for rows in domains.values()])
    assert np.abs(crowd.means).max() < 2 * np.abs(everything).max()


def test_exhaustive(domains: dict[str, np.ndarray]) -> None:
    """A target that is a copy of a source has it in front."""
    crowd = many_sources.simulate(domains, 60, seed=0)
    target = many_sources.Crowd(np.array([0, len(crowd.of(7))]), crowd.of(7))
    (best,) = many_sources.exhaustive(crowd, target)
    assert best[0] == 7
    assert len(best) == 20


def test_all_of_it(domains: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    """On 200 sources nothing is missed, and the process tells its time and memory."""
    monkeypatch.setattr(many_sources, "real_classes", lambda data: domains)
    monkeypatch.setattr(many_sources, "_SOURCES", 200)
    monkeypatch.setattr(many_sources, "_TARGETS", 3)
    (row,) = many_sources.measure(Arguments(Path())).rows
    assert row["recall@20"] == 1.0
    assert row["seconds"] > 0
    assert row["peak MiB"] > 10
