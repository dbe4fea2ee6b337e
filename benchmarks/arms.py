"""Test losses of a finished run's models. Runs in worker processes, which load a task once and refit on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autotransfer.bench import Bench
from autotransfer.catalogue import Catalogue
from autotransfer.data import Array, Dataset
from autotransfer.model import FittedModel, load_model
from autotransfer.trial import Choice
from benchmarks.outcome import losses
from benchmarks.tasks.task import Task


@dataclass(frozen=True, eq=False)
class _Loaded:
    bench: Bench
    catalogue: Catalogue
    test: Dataset

    def losses(self, model: FittedModel) -> Array:
        regression = self.bench.problem.is_regression
        return losses(self.test.labels, model.predict(self.test), regression=regression)


@lru_cache(maxsize=1)
def _load(task: Task) -> _Loaded:
    from autotransfer.features import FeatureCache, default_folder
    from autotransfer.loading import load_problem
    from autotransfer.metrics import metric_for
    from autotransfer.plugins import load_catalogue
    from autotransfer.settings import Settings

    catalogue = load_catalogue()
    settings = Settings(test=task.test, metric=task.metric)
    problem = load_problem(task.target, task.sources, settings, catalogue.hook)
    if problem.test is None:
        raise RuntimeError(f"{task.name}: the test file {task.test} was not taken as the test set")
    encoders = {encoder.name: encoder for encoder in catalogue.encoders}
    metric = metric_for(task.metric, regression=problem.is_regression)
    return _Loaded(Bench(problem, encoders, FeatureCache(default_folder()), metric), catalogue, problem.test)


@dataclass(frozen=True)
class Refit:
    """A choice to fit on all labelled target rows."""

    choice: Choice
    seed: int


@dataclass(frozen=True)
class Saved:
    """A model in a run directory's ``model`` folder."""

    folder: Path


def model_losses(task: Task, model: Refit | Saved) -> Array:
    """Losses per test row, shape (n,)."""
    from autotransfer.refit import refit_on_all

    loaded = _load(task)
    if isinstance(model, Saved):
        return loaded.losses(load_model(model.folder, loaded.catalogue))
    return loaded.losses(refit_on_all(loaded.bench, model.choice, model.seed, loaded.catalogue))
