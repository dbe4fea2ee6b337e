"""A shipped model: raw rows in, predictions out; saved as plain data and restored through the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, final

import numpy as np

from autotransfer.average import AVERAGE, members
from autotransfer.catalogue import Catalogue
from autotransfer.config import from_json
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import AutoTransferError, InputError
from autotransfer.features import FeatureCache
from autotransfer.predictor import Predictor
from autotransfer.state import State, load_state, save_state
from autotransfer.task import SubTask
from autotransfer.trial import Choice

FORMAT = 1


@dataclass(frozen=True, eq=False)
class FittedModel:
    """An encoder (none for methods that take raw rows, and for an average) and a predictor.

    :param classes: names of the columns of class predictions; None for regression.
    :param tasks: of several; empty where there is one.
    :param columns: feature columns in order, of a table by name, of feature vectors by position; None for others.
    """

    choice: Choice
    modality: Modality
    classes: tuple[str, ...] | None
    columns: tuple[str, ...] | None
    encoder: FittedEncoder | None
    predictor: Predictor | Average
    tasks: tuple[SubTask, ...] = ()

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes) or values (n,)."""
        if self.encoder is not None:
            data = data.with_inputs(self.encoder.transform(data))
        return np.asarray(self.predictor.predict(data.without_labels()))

    def for_source(self) -> FittedModel:
        """The same model for rows of its source, in the same form. One that has kept a task with other classes predicts
        those: (n, n_source_classes), in the order of ``data.sources`` in ``run.json``."""
        return replace(self, predictor=self.predictor.for_source())


@final
@dataclass(frozen=True, eq=False)
class Average:
    """Several models, each with its own encoder, whose predictions are averaged."""

    models: tuple[FittedModel, ...]

    def predict(self, data: Dataset) -> Array:
        """Mean class probabilities (n, n_classes) or mean values (n,)."""
        return np.asarray(np.mean([model.predict(data) for model in self.models], axis=0))

    def for_source(self) -> Average:
        """Of the same models for rows of their sources."""
        return Average(tuple(model.for_source() for model in self.models))


@final
@dataclass(frozen=True, eq=False)
class Remembered(FittedEncoder):
    """An encoder that learns nothing from rows, asked through the feature cache: what another fit has encoded on this
    machine is not encoded again."""

    encoder: Encoder
    fitted: FittedEncoder
    cache: FeatureCache

    def transform(self, data: Dataset) -> Array:
        return self.cache.encode(self.encoder, data, data)

    def state(self) -> State:
        return self.fitted.state()


def build(
    choice: Choice, about: dict[str, Any], state: State, catalogue: Catalogue, cache: FeatureCache | None = None
) -> FittedModel:
    """A model from what a worker returned or a folder holds. ``about``: modality, classes and columns.

    :param cache: where features are looked up that depend on no training rows; None: nowhere.

    Raises ``InputError`` when its method or encoder is not installed here.
    """
    return FittedModel(
        choice=choice,
        modality=Modality(about["modality"]),
        classes=None if about["classes"] is None else tuple(about["classes"]),
        columns=None if about["columns"] is None else tuple(about["columns"]),
        encoder=None if state["encoder"] is None else restored_encoder(state["encoder"], catalogue, cache),
        predictor=_predictor(choice, about, state["predictor"], catalogue, cache),
        tasks=tuple(_sub_task(task) for task in about.get("tasks", ())),
    )


def _sub_task(about: dict[str, Any]) -> SubTask:
    return SubTask(about["name"], None if about["classes"] is None else tuple(about["classes"]))


def _predictor(
    choice: Choice, about: dict[str, Any], state: State, catalogue: Catalogue, cache: FeatureCache | None
) -> Predictor | Average:
    if choice.method != AVERAGE:
        return catalogue.method(choice.method).predictor.restore(state)
    parts = zip(members(choice), state["members"], strict=True)
    return Average(tuple(build(member, about, part, catalogue, cache) for member, part in parts))


def average_state(states: Sequence[State]) -> State:
    """What :func:`build` takes for an average, from the states of its members."""
    return {"encoder": None, "predictor": {"members": list(states)}}


def restored_encoder(about: State, catalogue: Catalogue, cache: FeatureCache | None = None) -> FittedEncoder:
    """The fitted encoder of a saved model: its name, settings and state. Raises ``InputError`` for an unknown name."""
    known = {encoder.name: encoder for encoder in catalogue.encoders}
    if about["name"] not in known:
        raise InputError(f"the encoder {about['name']!r} is not installed; install the plugin that brings it")
    encoder = from_json(type(known[about["name"]]), about["params"])
    fitted = encoder.restore(about["state"])
    return fitted if cache is None or encoder.learns else Remembered(encoder, fitted, cache)


def save_model(folder: Path, choice: Choice, about: dict[str, Any], state: State) -> None:
    """Write a model as JSON and safetensors."""
    save_state(folder, {"format": FORMAT, "choice": choice.to_json(), "about": about, **state})


def load_model(folder: Path, catalogue: Catalogue) -> FittedModel:
    """Read what :func:`save_model` wrote. Raises ``InputError`` when it is damaged or of another format."""
    return restored_model(load_state(folder), catalogue, str(folder))


def restored_model(state: State, catalogue: Catalogue, folder: str = "saved model") -> FittedModel:
    """The same from what the folder holds, as plain data."""
    if state.get("format") != FORMAT:
        raise InputError(f"{folder}: format {state.get('format')!r} is not {FORMAT}; fit again with this version")
    try:
        return build(Choice.from_json(state["choice"]), state["about"], state, catalogue)
    except AutoTransferError:
        raise
    except Exception as error:  # a plugin's restore may raise anything when its state is damaged
        raise InputError(f"{folder}: the saved model is damaged ({error!r}); fit again") from error
