"""A shipped model: raw rows in, predictions out; saved as plain data and restored through the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.catalogue import Catalogue
from autotransfer.config import from_json
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import FittedEncoder
from autotransfer.errors import AutoTransferError, InputError
from autotransfer.predictor import Predictor
from autotransfer.state import State, load_state, save_state
from autotransfer.trial import Choice

FORMAT = 1


@dataclass(frozen=True, eq=False)
class FittedModel:
    """An encoder (none for methods that take raw rows) and a predictor.

    :param classes: names of the columns of class predictions; None for regression.
    :param columns: feature columns in order, of a table by name, of feature vectors by position; None for others.
    """

    choice: Choice
    modality: Modality
    classes: tuple[str, ...] | None
    columns: tuple[str, ...] | None
    encoder: FittedEncoder | None
    predictor: Predictor

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes) or values (n,)."""
        if self.encoder is not None:
            data = data.with_inputs(self.encoder.transform(data))
        return np.asarray(self.predictor.predict(data.without_labels()))


def build(choice: Choice, about: dict[str, Any], state: State, catalogue: Catalogue) -> FittedModel:
    """A model from what a worker returned or a folder holds. ``about``: modality, classes and columns.

    Raises ``InputError`` when its method or encoder is not installed here.
    """
    method = catalogue.method(choice.method)
    return FittedModel(
        choice=choice,
        modality=Modality(about["modality"]),
        classes=None if about["classes"] is None else tuple(about["classes"]),
        columns=None if about["columns"] is None else tuple(about["columns"]),
        encoder=None if state["encoder"] is None else _encoder(state["encoder"], catalogue),
        predictor=method.predictor.restore(state["predictor"]),
    )


def _encoder(about: State, catalogue: Catalogue) -> FittedEncoder:
    known = {encoder.name: encoder for encoder in catalogue.encoders}
    if about["name"] not in known:
        raise InputError(f"the encoder {about['name']!r} is not installed; install the plugin that brings it")
    return from_json(type(known[about["name"]]), about["params"]).restore(about["state"])


def save_model(folder: Path, choice: Choice, about: dict[str, Any], state: State) -> None:
    """Write a model as JSON and safetensors."""
    save_state(folder, {"format": FORMAT, "choice": choice.to_json(), "about": about, **state})


def load_model(folder: Path, catalogue: Catalogue) -> FittedModel:
    """Read what :func:`save_model` wrote. Raises ``InputError`` when it is damaged or of another format."""
    state = load_state(folder)
    if state.get("format") != FORMAT:
        raise InputError(f"{folder}: format {state.get('format')!r} is not {FORMAT}; fit again with this version")
    try:
        return build(Choice.from_json(state["choice"]), state["about"], state, catalogue)
    except AutoTransferError:
        raise
    except Exception as error:  # a plugin's restore may raise anything when its state is damaged
        raise InputError(f"{folder}: the saved model is damaged ({error!r}); fit again") from error
