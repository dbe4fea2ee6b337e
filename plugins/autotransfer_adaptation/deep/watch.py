"""Adversarial training can fail without an error: these checks stop it, with the reason."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import TrainingError

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.network import Network
    from autotransfer.nets.rows import DeepRows

_TRIAL = 0.5
"""Share of the training after which a domain classifier that never told the domains apart is given up."""
_WINDOW = 20
"""Steps whose accuracy is averaged, and whose rows are looked at."""
_SOONEST = 100
"""In fewer steps a domain classifier need not have learned anything."""
_FEW = 20
"""Of fewer target rows it is no surprise when all get one class."""


@final
class AdversaryWatch:
    """Listens to the domain classifier of one training.

    It has failed when a linear classifier tells the domains apart by what it is given, and yet, in no stretch of the
    first half, it did so better than by chance: then nothing was ever made alike, whatever the loss says. Where
    nothing tells them apart, an accuracy of a half is right.
    """

    def __init__(self) -> None:
        self._accuracies: list[float] = []
        self._recent: deque[tuple[Array, Array]] = deque(maxlen=_WINDOW)
        self._checked = False

    @property
    def accuracy(self) -> float:
        """Balanced accuracy of the last steps; 0.5 at the end of a game that the representation has won."""
        return float(np.mean(self._accuracies[-_WINDOW:])) if self._accuracies else 0.5

    def see(self, given: tuple[Tensor, Tensor], logits: tuple[Tensor, Tensor], progress: float) -> None:
        """Note one step: what the domain classifier was given of the source, (m, d), and of the target, (n, d), and its
        logits, (m, 1) and (n, 1). Raises ``TrainingError`` when it has failed."""
        source, target = (side.detach() for side in logits)
        self._accuracies.append(float((source > 0).float().mean() + (target < 0).float().mean()) / 2)
        if self._checked:
            return
        self._recent.append((given[0].detach().cpu().numpy(), given[1].detach().cpu().numpy()))
        if progress >= _TRIAL and len(self._accuracies) >= _SOONEST:
            self._checked = True
            self._judge()
            self._recent.clear()

    def _judge(self) -> None:
        source, target = (np.concatenate(parts) for parts in zip(*self._recent, strict=True))
        best = np.convolve(self._accuracies, np.ones(_WINDOW) / _WINDOW, mode="valid").max()
        chance = 0.5 + 2.0 * 0.5 / np.sqrt(len(source) + len(target))
        if best <= chance and separable(source, target):
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
    accuracy of 0.6 or more on the second half of the rows, fitted on the first."""
    X, t = np.concatenate([S, T]).astype(np.float64), np.repeat([1.0, -1.0], [len(S), len(T)])
    fitted = np.concatenate([np.arange(len(part)) < len(part) / 2 for part in (S, T)])
    weights = np.where(t > 0, 1.0 / len(S), 1.0 / len(T))[fitted]
    mean = X[fitted].mean(axis=0)
    A = (X[fitted] - mean) * np.sqrt(weights)[:, None]
    gram = A @ A.T
    gram[np.diag_indices_from(gram)] += 0.01 * np.trace(gram) / len(gram) + 1e-12
    coefficients = A.T @ np.linalg.solve(gram, t[fitted] * np.sqrt(weights))
    right = (np.sign((X[~fitted] - mean) @ coefficients) == t[~fitted]).astype(float)
    sides = [right[t[~fitted] == side] for side in (1.0, -1.0)]
    return bool(min(len(side) for side in sides) > 0 and np.mean([side.mean() for side in sides]) >= 0.6)
