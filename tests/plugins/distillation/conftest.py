"""A text problem whose source is a network that can be trained further, and tensors of it."""

from __future__ import annotations

import pytest

from autotransfer.data import Modality
from autotransfer.testing.problems import ToyProblem, covariate_shift, trainable


@pytest.fixture(scope="session")
def texts() -> ToyProblem:
    """Three classes; the student's steps are cheap."""
    return trainable(Modality.TEXT)


@pytest.fixture(scope="session")
def images() -> ToyProblem:
    """The same as images of 16 × 16 pixels."""
    return trainable(Modality.IMAGE)


@pytest.fixture(scope="session")
def shifted() -> ToyProblem:
    """Feature rows of two classes, with labelled source rows."""
    return covariate_shift(Modality.FEATURES)
