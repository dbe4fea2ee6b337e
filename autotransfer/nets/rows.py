"""The rows of a problem as tensors, and what depends on whether its labels are classes or values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets.forms import SIZE, Form, form_of
from autotransfer.nets.predictor import NetworkPredictor
from autotransfer.nets.specs import NetworkSpec
from autotransfer.task import Source, Task

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Rows
    from autotransfer.nets.network import Network
    from autotransfer.nets.training import Judge


@final
@dataclass(frozen=True, eq=False)
class DeepRows:
    """Rows in the form that a network takes, on the device of the fit.

    :param S: source rows (m, d), ``source_y`` (m,) their labels, ``domain`` (m,) which source each is from, from 0 on.
    :param T: all target rows (n, d): the labelled ones first, ``target_y`` are their labels, then those without.
    :param validation: labelled target rows and their labels as given, or None.
    :param n_classes: 0 for values, which are standardised: ``y = level + spread * value``.
    """

    form: Form
    S: Tensor
    source_y: Tensor
    domain: Array
    T: Tensor
    target_y: Tensor
    validation: tuple[Tensor, Array] | None
    n_classes: int
    level: float
    spread: float

    @property
    def n_labeled(self) -> int:
        """Labelled target rows."""
        return len(self.target_y)

    def spec(self, width: int, heads: int = 1, hidden: int = 0) -> NetworkSpec:
        """The network for these rows."""
        return NetworkSpec(self.form.backbone(width), max(1, self.n_classes), heads, hidden)

    def sets(self) -> list[Rows]:
        """Labelled source rows, target rows without labels, and labelled target rows if there are any."""
        return [(self.S, self.source_y), (self.T,), *self.labeled()]

    def labeled(self) -> list[Rows]:
        """Labelled target rows, as a list of one data set or none."""
        return [(self.T[: self.n_labeled], self.target_y)] if self.n_labeled else []

    def loss(self, scores: Tensor, y: Tensor) -> Tensor:
        """Cross-entropy, or the squared error of standardised values; the mean over the rows."""
        from torch.nn import functional

        if self.n_classes:
            return functional.cross_entropy(scores, y)
        return functional.mse_loss(scores[:, 0], y)

    def judge(self, network: Network) -> Judge | None:
        """The accuracy, or minus the root mean squared error, on validation rows; None where there are none."""
        from autotransfer.nets.evaluation import outputs

        if self.validation is None:
            return None
        X, y = self.validation

        def score() -> float:
            scores = outputs(network, X).scores.cpu().numpy()
            if self.n_classes:
                return float(np.mean(scores.argmax(axis=1) == y))
            return -float(np.sqrt(np.mean((scores[:, 0] * self.spread + self.level - y) ** 2)))

        return score

    def predictor(
        self, network: Network, spec: NetworkSpec, source_arrays: dict[str, Array] | None = None
    ) -> NetworkPredictor:
        """The trained network as plain data.

        :param source_arrays: of another network, which source rows go through.
        """
        from autotransfer.nets.predictor import arrays_of

        arrays, regression = arrays_of(network), not self.n_classes
        other = {} if source_arrays is None else source_arrays
        differing = {name: array for name, array in other.items() if not np.array_equal(array, arrays[name])}
        return NetworkPredictor(self.form, spec, arrays, regression, self.level, self.spread, differing)


def gather(task: Task, source: Source | None, device: str, size: int = SIZE) -> DeepRows:
    """Rows of source and target in a form of their own, which comes from the rows of all domains together.

    :param source: labelled rows; None: no rows but the target's.
    :param size: edge of images in pixels.
    """
    import torch

    labeled, others = target_rows(task)
    target = [labeled, *others]
    there = labeled.take(np.arange(0)) if source is None else source.rows
    form = form_of([there, *target], size)
    domain = np.zeros(len(there), np.int64) if there.domain is None else there.domain
    y = [there.labels, there.labels[:0] if labeled.y is None else labeled.y]
    level, spread = (0.0, 1.0) if task.n_classes else _moments(np.concatenate(y))
    kind = np.int64 if task.n_classes else np.float32

    def tensor(array: Array) -> Tensor:
        return torch.from_numpy(np.array(array)).to(device)

    def rows(parts: Sequence[Dataset]) -> Tensor:
        filled = [part for part in parts if len(part)] or [parts[0]]
        return tensor(np.concatenate([form.rows(part) for part in filled]))

    source_y, target_y = (tensor(((part - level) / spread if spread != 1.0 else part).astype(kind)) for part in y)
    held = task.validation
    validation = None if held is None or not len(held) else (rows([held]), held.labels)
    numbers = np.unique(domain, return_inverse=True)[1]
    return DeepRows(
        form, rows([there]), source_y, numbers, rows(target), target_y, validation, task.n_classes, level, spread
    )


def target_rows(task: Task) -> tuple[Dataset, list[Dataset]]:
    """Labelled target rows, and data sets of those without labels, none of them empty."""
    labeled = task.train if task.train.y is not None else task.train.take(np.arange(0))
    others = [task.train.take(np.arange(len(labeled), len(task.train))), task.unlabeled]
    return labeled, [part for part in others if part is not None and len(part)]


def _moments(y: Array) -> tuple[float, float]:
    """Mean and standard deviation, 1 for values that are all the same."""
    return float(y.mean()), float(y.std()) or 1.0
