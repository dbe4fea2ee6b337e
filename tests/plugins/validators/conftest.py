"""Evidence from a few arrays: what a validator is not shown stays empty."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autotransfer.data import Array, Dataset, Modality
from autotransfer.metrics import METRICS
from autotransfer.validator import LabelFree

Make = Callable[..., LabelFree]


def _rows(name: str, X: Array, y: Array | None = None, domain: Array | None = None) -> Dataset:
    return Dataset(name, Modality.FEATURES, X, y, domain)


def _never(labeled: Dataset, unlabeled: Dataset, rows: Dataset) -> Array:
    raise AssertionError("it fits the method again")


@pytest.fixture
def make() -> Make:
    """``make(target=P)``, ``make(held=P, y=y, X=(known, held, target), metric="rmse", seed=1, refit=function)``."""

    def build(
        *,
        target: Array | None = None,
        held: Array | None = None,
        y: Array | None = None,
        X: tuple[Array, Array, Array] | None = None,
        metric: str = "accuracy",
        seed: int = 0,
        refit: Callable[[Dataset, Dataset, Dataset], Array] = _never,
        known: Dataset | None = None,
    ) -> LabelFree:
        shown = target if target is not None else held
        target = np.empty((0, *shown.shape[1:])) if target is None else target
        held = np.empty((0, *shown.shape[1:])) if held is None else held
        known_X, held_X, target_X = X or (np.empty((0, 0)), np.empty((len(held), 0)), np.empty((len(target), 0)))
        return LabelFree(
            known=known or _rows("known", known_X, np.zeros(len(known_X), np.int64)),
            held=_rows("held", held_X, np.zeros(len(held), np.int64) if y is None else y),
            target=_rows("target", target_X),
            held_predictions=held,
            target_predictions=target,
            known_features=known_X,
            held_features=held_X,
            target_features=target_X,
            n_classes=shown.shape[1] if shown.ndim == 2 else 0,
            metric=METRICS[metric],
            seed=seed,
            refit=refit,
        )

    return build


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def drawn(rng: np.random.Generator) -> Array:
    """Probabilities (60, 4) from a Dirichlet distribution."""
    return rng.dirichlet(np.ones(4), 60)


@pytest.fixture
def sure(rng: np.random.Generator) -> Array:
    """One-hot rows (60, 4), 15 of each class, in any order."""
    return np.eye(4)[rng.permutation(np.arange(60) % 4)]
