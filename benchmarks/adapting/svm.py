"""The classifier of CORAL's published numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import FeaturesPredictor, Learner
from autotransfer.learners.rows import Rows
from autotransfer.method import Suggest
from autotransfer.state import State

_PENALTIES = (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1000.0)


@final
@dataclass(frozen=True)
class CrossValidatedSvm(Learner):
    """LIBSVM with a linear kernel, one against one, its C by two-fold cross-validation on the rows it is trained on
    (Chang and Lin, ACM TIST 2011), as the code behind the published tables does. No target label is looked at."""

    kind: ClassVar[str] = "svm"

    def train(self, rows: Rows, seed: int) -> FeaturesPredictor:
        from sklearn.model_selection import StratifiedKFold, cross_val_score
        from sklearn.svm import SVC

        folds = StratifiedKFold(2, shuffle=True, random_state=seed)
        scores = [
            cross_val_score(SVC(kernel="linear", C=penalty), rows.X, rows.y, cv=folds).mean() for penalty in _PENALTIES
        ]
        chosen = _PENALTIES[int(np.argmax(scores))]
        return _Votes(SVC(kernel="linear", C=chosen).fit(rows.X, rows.y), rows.n_classes)

    @classmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        return cls()


@final
@dataclass(frozen=True, eq=False)
class _Votes(FeaturesPredictor):
    """The predicted class with probability 1; never saved."""

    model: Any
    n_classes: int

    def predict_features(self, X: Array) -> Array:
        return np.asarray(np.eye(self.n_classes)[self.model.predict(X)])

    def state(self) -> State:
        raise TypeError("a benchmark's model is not saved")

    @classmethod
    def restore(cls, state: State) -> Self:
        raise TypeError("a benchmark's model is not saved")
