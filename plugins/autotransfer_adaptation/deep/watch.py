"""Adversarial training can fail without an error: these checks stop it, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import TrainingError

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.network import Network
    from autotransfer_adaptation.deep.rows import DeepRows

_TRIAL = 0.5
"""Share of the training after which a domain classifier that never told the domains apart is given up."""
_WINDOW = 20
"""Steps whose accuracy is averaged."""
_SOONEST = 100
"""In fewer steps a domain classifier need not have learned anything."""
_FEW = 20
"""Of fewer target rows it is no surprise when all get one class."""
_MOST_ROWS = 1000


@final
class AdversaryWatch:
    """Listens to the domain classifier of one training.

    It has failed when the domains differ in their inputs, and yet, in no stretch of the first half, it told them apart
    better than by chance: then the representation was never made alike, whatever the loss says.
    """

    def __init__(self, rows: DeepRows) -> None:
        self._rows = rows
        self._accuracies: list[float] = []
        self._seen = 0
        self._checked = False

    @property
    def accuracy(self) -> float:
        """Balanced accuracy of the last steps; 0.5 at the end of a game that the representation has won."""
        return float(np.mean(self._accuracies[-_WINDOW:])) if self._accuracies else 0.5

    def see(self, source: Tensor, target: Tensor, progress: float) -> None:
        """Note the logits of a step, (m, 1) and (n, 1). Raises ``TrainingError`` when the adversary has failed."""
        right = (source.detach() > 0).float().mean() + (target.detach() < 0).float().mean()
        self._accuracies.append(float(right) / 2)
        self._seen = len(source) + len(target)
        if progress >= _TRIAL and len(self._accuracies) >= _SOONEST and not self._checked:
            self._checked = True
            self._judge()

    def _judge(self) -> None:
        window = min(_WINDOW, len(self._accuracies))
        best = np.convolve(self._accuracies, np.ones(window) / window, mode="valid").max()
        chance = 0.5 + 2.0 * 0.5 / np.sqrt(window * self._seen)
        if best <= chance and separable(self._rows.S.cpu().numpy(), self._rows.T.cpu().numpy()):
            raise TrainingError(
                f"the domain classifier was stuck at {best:.2f} from the start though the domains differ; "
                "lower the weight or raise the learning rate"
            )


def refuse_collapse(rows: DeepRows, network: Network) -> None:
    """Raise ``TrainingError`` when all target rows get one class, and those of the source do not."""
    from autotransfer.nets.evaluation import outputs

    if not rows.n_classes or len(rows.T) < _FEW:
        return
    here, there = (np.unique(outputs(network, X).scores.argmax(dim=1).cpu().numpy()) for X in (rows.T, rows.S))
    if len(here) == 1 < len(there):
        raise TrainingError(
            "it collapsed: every target row is given one class, the source's rows are not; "
            "lower the weight or the learning rate"
        )


def separable(S: Array, T: Array) -> bool:
    """Whether a linear classifier (ridge) tells unseen source rows (m, d) from unseen target rows (n, d): balanced
    accuracy of 0.6 or more, on the half of the rows that it was not fitted on."""
    rng = np.random.default_rng(0)
    drawn = [X[rng.permutation(len(X))[:_MOST_ROWS]] for X in (S, T)]
    X = np.concatenate(drawn).astype(np.float64)
    t = np.repeat([1.0, -1.0], [len(part) for part in drawn])
    fitted = np.concatenate([np.arange(len(part)) % 2 == 0 for part in drawn])
    weights = np.where(t > 0, 1.0 / len(drawn[0]), 1.0 / len(drawn[1]))
    mean = X[fitted].mean(axis=0)
    A = (X[fitted] - mean) * np.sqrt(weights[fitted])[:, None]
    gram = A @ A.T
    gram[np.diag_indices_from(gram)] += 0.01 * np.trace(gram) / len(gram) + 1e-12
    coefficients = A.T @ np.linalg.solve(gram, t[fitted] * np.sqrt(weights[fitted]))
    right = (np.sign((X[~fitted] - mean) @ coefficients) == t[~fitted]).astype(float)
    sides = [right[t[~fitted] == side] for side in (1.0, -1.0)]
    return bool(min(len(side) for side in sides) > 0 and np.mean([side.mean() for side in sides]) >= 0.6)
