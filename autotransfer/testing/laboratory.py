"""Fits a method on toy problems and looks at what comes out. Equal fits are made once."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np

from autotransfer.assets import describe, missing
from autotransfer.data import Array, Dataset, Modality
from autotransfer.method import Method
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer.testing.check import require
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.withhold import Fingerprint, fingerprint, source_for

DEVICE = "AUTOTRANSFER_TEST_DEVICE"
"""Environment variable: the device that methods are checked on, ``cpu`` by default."""

SUM_TOLERANCE = 1e-5


def device() -> str:
    """The device that methods are checked on."""
    return os.environ.get(DEVICE, "cpu")


@final
@dataclass(frozen=True, eq=False)
class Fitted:
    """A fit, and what was seen of it from outside.

    :param changed: names of data sets that hold something else than before. :param started_gpu: whether it did.
    :param reported: steps and values of ``ctx.report``, in their order.
    """

    predictor: Predictor
    changed: tuple[str, ...]
    started_gpu: bool
    reported: tuple[tuple[int, float], ...]


@dataclass(eq=False)
class Laboratory:
    """One method and the problems it meets.

    :param problems: toy problems in the method's modality.
    :param short: settings in place of the defaults, where a promise is no matter of quality; None: the defaults.
    """

    method: type[Method]
    problems: tuple[ToyProblem, ...]
    short: Method | None = None
    _fitted: dict[tuple[Method, int], Fitted] = field(default_factory=dict)

    @property
    def usual(self) -> Method:
        """The settings of a fit for which none are given."""
        return self.method() if self.short is None else self.short

    @cached_property
    def fitting(self) -> tuple[ToyProblem, ...]:
        """The problems that the method declares to handle."""
        return tuple(problem for problem in self.problems if self.refusal(problem) is None)

    @cached_property
    def samples(self) -> tuple[ToyProblem, ...]:
        """At most one problem with classes and one with values: enough where the kind of shift does not matter."""
        first = {problem.task.is_regression: problem for problem in reversed(self.fitting)}
        return tuple(first.values())

    def refusal(self, problem: ToyProblem) -> str | None:
        """Why the method does not take this problem, by its declaration or for its source; None when it does."""
        if problem.task.is_regression and not self.method.regression:
            return "it declares regression = False"
        if not problem.task.is_regression and not self.method.classification:
            return "it declares classification = False"
        if problem.only_for and not problem.only_for & self.method.needs:
            return f"it does not need {describe(problem.only_for)}"
        lacking = missing(self.method.needs, problem.offers)
        return f"it needs {describe(lacking)}" if lacking else self.method.refuses(problem.source)

    def fit(self, problem: ToyProblem, config: Method | None = None) -> Predictor:
        """The method fitted on a problem with seed 0; ``config`` is :attr:`usual` unless given."""
        return self.watched(problem, config).predictor

    def watched(self, problem: ToyProblem, config: Method | None = None) -> Fitted:
        """The same with what was seen of it: several promises are tried on one fit."""
        chosen = self.usual if config is None else config
        key = (chosen, id(problem))
        if key not in self._fitted:
            self._fitted[key] = self._watch(problem, chosen)
        return self._fitted[key]

    def _watch(self, problem: ToyProblem, config: Method) -> Fitted:
        reported: list[tuple[int, float]] = []
        context = Context(seed=0, device=device(), report=lambda step, value: reported.append((step, value)))
        before, untouched = fingerprints(problem), gpu_untouched()
        predictor = self.fit_anew(problem, config, context)
        started = untouched and not gpu_untouched()
        return Fitted(predictor, changed(problem, before), started, tuple(reported))

    def fit_anew(self, problem: ToyProblem, config: Method | None = None, context: Context | None = None) -> Predictor:
        """Fitted without looking at earlier fits."""
        source = source_for(self.method.needs, problem.source)
        return self.fit_on(problem.task, source, config, context)

    def fit_on(
        self, task: Task, source: Source | None, config: Method | None = None, context: Context | None = None
    ) -> Predictor:
        """Fitted on any task and source."""
        chosen = self.usual if config is None else config
        return chosen.fit(task, source, context or Context(seed=0, device=device()))


def predictions(predictor: Predictor, data: Dataset, task: Task) -> Array:
    """What the predictor says, its form checked: shape, finite, probabilities that sum to 1."""
    found = predictor.predict(data)
    require(isinstance(found, np.ndarray), f"predict returned {type(found).__name__}: return a numpy array")
    shape = (len(data), task.columns) if task.columns else (len(data),)
    rule = "one probability a row and class of task.classes" if task.columns else "one value a row"
    rule = "as many columns a row as the widest task has outputs" if task.tasks else rule
    require(found.shape == shape, f"predict returned shape {found.shape}, not {shape}: return {rule}")
    require(found.dtype.kind == "f", f"predict returned {found.dtype}: return floats")
    require(np.isfinite(found).all(), "predict returned NaN or infinite values: guard divisions, logarithms and exp")
    if task.tasks:
        _require_shares(found, data, task)
    if not task.is_regression:
        require((found >= 0).all(), "predict returned negative probabilities: apply softmax or clip")
        off = float(np.abs(found.sum(1) - 1).max(initial=0.0))
        require(off <= SUM_TOLERANCE, f"probabilities sum to 1 ± {off:.2g}: divide each row by its sum")
    return found


def _require_shares(found: Array, data: Dataset, task: Task) -> None:
    """Of several tasks: nothing beyond a task's own columns, and probabilities in them."""
    for number, one in enumerate(task.tasks):
        own = found[task_numbers(data) == number]
        require((own[:, one.n_outputs :] == 0).all(), f"columns beyond those of task {one.name} must hold zeros")
        if one.classes is not None:
            require((own >= 0).all(), "predict returned negative probabilities: apply softmax or clip")
            off = float(np.abs(own.sum(1) - 1).max(initial=0.0))
            require(off <= SUM_TOLERANCE, f"probabilities sum to 1 ± {off:.2g}: divide each row by its sum")


def task_numbers(data: Dataset) -> Array:
    """Which of several tasks each row is of."""
    return np.zeros(len(data), np.int64) if data.task is None else data.task


def fingerprints(problem: ToyProblem) -> list[Fingerprint]:
    """Of all its data sets."""
    return [fingerprint(part) for part in _parts(problem)]


def changed(problem: ToyProblem, before: list[Fingerprint]) -> tuple[str, ...]:
    """Names of the data sets that have another fingerprint than they had."""
    pairs = zip(_parts(problem), before, strict=True)
    return tuple(part.name for part, old in pairs if part is not None and fingerprint(part) != old)


def _parts(problem: ToyProblem) -> list[Dataset | None]:
    task = problem.task
    return [task.train, task.validation, task.unlabeled, problem.source.data, problem.test]


def score(found: Array, data: Dataset, task: Task) -> float:
    """Accuracy, or R² of values; of several tasks the mean."""
    y = data.labels
    if task.tasks:
        each = [(task_numbers(data) == number, one) for number, one in enumerate(task.tasks)]
        return float(np.mean([_score(found[mine], y[mine], values=one.classes is None) for mine, one in each]))
    return _score(found, y, values=found.ndim == 1)


def _score(found: Array, y: Array, *, values: bool) -> float:
    if not values:
        return float(np.mean(found.argmax(1) == y))
    return 1.0 - float(np.mean((found.reshape(len(y), -1)[:, 0] - y) ** 2) / np.var(y))


def gpu_untouched() -> bool:
    """True unless torch has started CUDA in this process."""
    torch = sys.modules.get("torch")
    return torch is None or not torch.cuda.is_initialized()


def modality_of(method: type[Method]) -> Modality:
    """The modality to check a method in: features where it takes them."""
    takes = method.modalities
    return Modality.FEATURES if Modality.FEATURES in takes else min(takes)
