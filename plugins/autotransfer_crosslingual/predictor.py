"""What the methods of this family return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

from autotransfer.data import Array, Dataset
from autotransfer.learners import LearnerPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_crosslingual.reader import Reader
from autotransfer_crosslingual.vocabulary import texts_of


@final
@dataclass(frozen=True, eq=False)
class TextPredictor(Predictor):
    """A model of shared features, and the reader of the target's language.

    :param there: reader of the source's language; kept with the fitted model, not with the saved one.
    """

    reader: Reader
    model: LearnerPredictor
    there: Reader | None = None

    def predict(self, data: Dataset) -> Array:
        return self.model.predict_features(self.represent(data))

    def represent(self, data: Dataset) -> Array:
        return self.reader.features(texts_of(data))

    def for_source(self) -> Predictor:
        return self if self.there is None else TextPredictor(self.there, self.model, self.there)

    def state(self) -> State:
        return {"reader": self.reader.state(), "model": self.model.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(Reader.restore(state["reader"]), LearnerPredictor.restore(state["model"]))
