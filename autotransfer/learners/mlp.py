"""A small multilayer perceptron."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, ClassVar, Self, final

import numpy as np

from autotransfer.learners.learner import Learner
from autotransfer.learners.mlp_predictor import MlpPredictor
from autotransfer.learners.rows import Rows
from autotransfer.method import Suggest

_ROWS_SEEN = 200_000
"""Large data sets get fewer epochs, so that a fit stays within seconds."""


@final
@dataclass(frozen=True)
class Mlp(Learner):
    """Perceptron with one hidden layer: Rumelhart, Hinton and Williams, "Learning representations by back-propagating
    errors", Nature 1986, https://doi.org/10.1038/323533a0; trained by Adam, Kingma and Ba, ICLR 2015.

    Features are divided by their root mean square, one number for all columns; values are standardised.

    :param width: hidden units, >= 1.
    :param decay: L2 penalty of the weights against the sum of losses, >= 0.
    :param step: Adam's step size, > 0.
    :param epochs: passes over the rows at most, >= 1.
    """

    kind: ClassVar[str] = "mlp"

    width: int = 32
    decay: float = 1.0
    step: float = 3e-3
    epochs: int = 100

    def train(self, rows: Rows, seed: int) -> MlpPredictor:
        X = rows.X.astype(np.float32)
        scale = float(np.sqrt(np.mean(X.astype(np.float64) ** 2))) or 1.0
        regression = rows.n_classes == 0
        level = np.average(rows.y, weights=rows.weights) if regression else 0.0
        spread = float(np.std(rows.y)) if regression else 1.0
        y = (rows.y - level) / spread if regression else rows.y
        model = self._perceptron(len(y), regression=regression, seed=seed)
        with warnings.catch_warnings():
            # The number of epochs is a hyperparameter: running out of them is no news.
            from sklearn.exceptions import ConvergenceWarning

            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X / np.float32(scale), y, sample_weight=rows.weights)
        (V, W), (a, b) = model.coefs_, model.intercepts_
        return MlpPredictor(V / scale, a, W * spread, b * spread + level, regression)

    def _perceptron(self, n: int, *, regression: bool, seed: int) -> Any:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        perceptron = MLPRegressor if regression else MLPClassifier
        return perceptron(
            hidden_layer_sizes=(self.width,),
            alpha=self.decay,
            learning_rate_init=self.step,
            max_iter=max(1, min(self.epochs, _ROWS_SEEN // n)),
            random_state=seed,
        )

    @classmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        return cls(
            width=suggest.suggest_int(f"{name}.width", 8, 128, log=True),
            decay=suggest.suggest_float(f"{name}.decay", 1e-3, 1e2, log=True),
            step=suggest.suggest_float(f"{name}.step", 5e-4, 2e-2, log=True),
            epochs=suggest.suggest_int(f"{name}.epochs", 20, 200, log=True),
        )
