"""Train a chosen configuration on all labelled target rows, as it will be shipped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from autotransfer.bench import Bench
from autotransfer.catalogue import Catalogue
from autotransfer.config import from_json
from autotransfer.data import Modality
from autotransfer.evaluate import Job, run_job
from autotransfer.model import FittedModel, build
from autotransfer.problem import Problem
from autotransfer.splits import Fold
from autotransfer.trial import Choice


def refit_job(choice: Choice, n_rows: int, catalogue: Catalogue, seed: int) -> Job:
    """The job that trains ``choice`` on rows 0 to ``n_rows`` and returns the model."""
    method = from_json(catalogue.method(choice.method), choice.params)
    everything = np.arange(n_rows)
    return Job(method, choice.source, choice.encoder, (Fold(everything, everything[:0]),), seed, keep=True)


def about(problem: Problem) -> dict[str, Any]:
    """What a saved model must know of the target: modality, classes, columns and tasks."""
    inputs = problem.target.inputs
    columns = None
    if isinstance(inputs, pd.DataFrame):
        columns = [str(column) for column in inputs.columns]
    elif problem.target.modality is Modality.FEATURES:
        columns = [str(position) for position in range(inputs.shape[1])]
    classes = None if problem.classes is None else list(problem.classes)
    found: dict[str, Any] = {"modality": str(problem.target.modality), "classes": classes, "columns": columns}
    if problem.tasks:
        found["tasks"] = [{"name": one.name, "classes": one.classes and list(one.classes)} for one in problem.tasks]
    return found


def refit_on_all(bench: Bench, choice: Choice, seed: int, catalogue: Catalogue) -> FittedModel:
    """Train ``choice`` in this process on all labelled target rows of the bench."""
    outcome = run_job(bench, refit_job(choice, len(bench.problem.target), catalogue, seed))
    if outcome.model is None:
        raise RuntimeError("a job with keep=True returns its model")
    return build(choice, about(bench.problem), outcome.model, catalogue)
