"""The kit lets a sound encoder pass and catches each flaw by the check that is named for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import pytest

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import MissingDependencyError
from autotransfer.state import State
from autotransfer.testing import ConformanceError, Outcome, check_encoder, encoder_checks
from autotransfer.testing.toys import ToyEncoder


@final
@dataclass(frozen=True, eq=False)
class FittedCentred(FittedEncoder):
    """x - mean, with the one flaw of its encoder."""

    mean: Array
    flaw: str

    def transform(self, data: Dataset) -> Array:
        flaw, X = self.flaw, data.X
        if flaw == "empty" and len(data) == 0:
            raise ValueError("I want rows")
        if flaw == "double":
            return X.astype(np.float64)
        if flaw == "nan":
            return (X * np.nan).astype(np.float32)
        if flaw == "company":
            return X - X.mean(0) if len(X) else X
        if flaw == "flat":
            return X[:, 0]
        if flaw == "huge":
            return np.where(np.abs(X) > 1e20, np.inf, X).astype(np.float32)
        if flaw == "writes" and len(X):
            X[0] = 0
        return (X - self.mean).astype(np.float32)

    def state(self) -> State:
        return {"mean": self.mean * (0 if self.flaw == "forgets" else 1), "flaw": self.flaw}


@final
@dataclass(frozen=True)
class Centred(Encoder):
    """Features less their mean (standard practice)."""

    flaw: str = ""
    name: ClassVar[str] = "centred"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"

    def fit(self, data: Dataset) -> FittedEncoder:
        if self.flaw == "extra":
            raise MissingDependencyError("the encoder centred", "absent", "text")
        mean = np.asarray(data.X).mean(0)
        if self.flaw == "dice":
            mean = mean + np.random.normal()
        if self.flaw == "labels" and data.y is not None:
            mean = data.X[data.y == 0].mean(0)
        return FittedCentred(mean, self.flaw)

    def restore(self, state: State) -> FittedEncoder:
        return FittedCentred(np.asarray(state["mean"]), str(state["flaw"]))

    def refuses(self, data: Dataset) -> str | None:
        return None if self.flaw == "greedy" else super().refuses(data)


@final
@dataclass(frozen=True)
class Hasty(Encoder):
    """Says that it learns nothing, and does (standard practice)."""

    name: ClassVar[str] = "hasty"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        return Centred().fit(data)

    def restore(self, state: State) -> FittedEncoder:
        return Centred().restore(state)


FLAWS = {
    "double": ("features", "add .astype(numpy.float32)"),
    "nan": ("features", "fill and clip"),
    "flat": ("features", "return one row of features"),
    "empty": ("few_rows", "I want rows"),
    "company": ("few_rows", "statistics of the training rows"),
    "huge": ("odd_rows", "fill and clip"),
    "dice": ("deterministic", "fix the seed"),
    "labels": ("labels_ignored", "inputs alone"),
    "writes": ("inputs_unmodified", "copy before writing"),
    "forgets": ("saves_and_loads", "into state()"),
    "greedy": ("refuses_others", "super().refuses"),
}


@pytest.mark.parametrize("encoder", [Centred(), ToyEncoder()], ids=lambda encoder: encoder.name)
def test_a_sound_encoder_passes(encoder: Any) -> None:
    check_encoder(encoder)


@pytest.mark.parametrize(("flaw", "check", "words"), [(f, *w) for f, w in FLAWS.items()], ids=FLAWS)
def test_each_flaw_is_caught_by_the_check_named_for_it(flaw: str, check: str, words: str) -> None:
    (result,) = [found.result() for found in encoder_checks(Centred(flaw)) if found.name == check]
    assert result.outcome is Outcome.FAILED
    assert words in result.detail
    with pytest.raises(ConformanceError):
        check_encoder(Centred(flaw))


def test_what_learns_must_say_so() -> None:
    with pytest.raises(ConformanceError, match=r"hasty: learns: learns = False, but"):
        check_encoder(Hasty())


def test_without_the_package_it_needs_an_encoder_is_skipped() -> None:
    results = [check.result() for check in encoder_checks(Centred("extra"))]
    assert {result.outcome for result in results[1:]} == {Outcome.SKIPPED}
    assert "pip install 'autotransfer[text]'" in results[1].detail
