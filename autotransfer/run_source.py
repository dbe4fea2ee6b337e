"""The model of an earlier run as a source: ``run:DIR``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np
import pandas as pd

from autotransfer.assets import Asset
from autotransfer.config import from_json
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError
from autotransfer.model import restored_encoder, restored_model
from autotransfer.predictor import Predictor
from autotransfer.state import State, load_state
from autotransfer.store import RunFolder
from autotransfer.task import Source
from autotransfer.trainable import Trainable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.catalogue import Catalogue
    from autotransfer.model import FittedModel

PREFIX = "run:"
_FILES = ("model.json", "model.safetensors")
_UNNAMED = "the encoder of a run has no run; name one as a source: run:DIR"


def open_run(uri: str) -> Source | None:
    """``run:DIR``: a head for its target's classes, and its encoder where that has learned something.

    Raises ``InputError`` when the folder holds no finished run.
    """
    if not uri.startswith(PREFIX):
        return None
    folder = RunFolder.open(Path(uri.removeprefix(PREFIX) or " ").expanduser()).model
    digest = digest_of(folder)
    state = saved(str(folder.resolve()), digest)
    head = RunHead(state)
    if head.model.tasks:
        raise InputError(f"{uri}: its model is for several tasks, which no method takes for a source; leave it out")
    encoder = _encoder(uri, str(folder.resolve()), digest, state, head.model.modality)
    offers = Asset.SOURCE_HEAD
    if encoder is not None:
        offers |= Asset.PRETRAINED | (Asset.TRAINABLE if isinstance(encoder, Trainable) else Asset.NONE)
    return Source(uri, offers, classes=head.model.classes, encoder=encoder, head=head, modality=head.model.modality)


def _encoder(uri: str, folder: str, digest: str, state: State, modality: Modality) -> Encoder | None:
    """The run's own encoder if it is a pretrained network, what it has learned if it learns, else None."""
    about = state["encoder"]
    if about is None:
        return None
    known = {encoder.name: type(encoder) for encoder in _catalogue().encoders}
    kind = known[about["name"]]
    if kind.learns:
        return KINDS[modality](folder, digest)
    if not kind.pretrained:
        return None
    encoder = from_json(kind, about["params"])
    try:
        encoder.fit(Dataset("", modality, np.empty(0, object)))
    except InputError as error:
        raise InputError(f"{uri}: its encoder cannot be opened again ({error})") from error
    return encoder


@final
@dataclass(frozen=True, eq=False)
class RunHead(Predictor):
    """The whole model of a run, from raw rows to what it predicts.

    :param saved: as the run's folder holds it.
    """

    saved: State

    @cached_property
    def model(self) -> FittedModel:
        """Restored through the catalogue of installed methods and encoders."""
        return restored_model(self.saved, _catalogue())

    def predict(self, data: Dataset) -> Array:
        model = self.model
        return model.predict(in_form(data, model.columns))

    def state(self) -> State:
        return dict(self.saved)

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(state)


@final
@dataclass(frozen=True, eq=False)
class FittedRun(FittedEncoder):
    """An encoder that an earlier run has fitted.

    :param about: its name, its settings and its state. :param columns: that it takes, as in ``FittedModel``.
    """

    about: State
    columns: tuple[str, ...] | None

    def transform(self, data: Dataset) -> Array:
        return restored_encoder(self.about, _catalogue()).transform(in_form(data, self.columns))

    def state(self) -> State:
        return {"about": self.about, "columns": None if self.columns is None else list(self.columns)}


@dataclass(frozen=True)
class RunEncoder(Encoder):
    """What the encoders of all modalities share.

    :param folder: the run's ``model/``; empty: none, and every row is refused. :param digest: of its files.
    """

    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    folder: str = ""
    digest: str = ""

    def fit(self, data: Dataset) -> FittedEncoder:
        if not self.folder:
            raise InputError(_UNNAMED)
        state = saved(self.folder, self.digest)
        columns = state["about"]["columns"]
        return FittedRun(state["encoder"], None if columns is None else tuple(columns))

    def restore(self, state: State) -> FittedEncoder:
        columns = state["columns"]
        return FittedRun(state["about"], None if columns is None else tuple(str(name) for name in columns))

    def refuses(self, data: Dataset) -> str | None:
        if not self.folder:
            return super().refuses(data) or _UNNAMED
        return super().refuses(data) or _lacks(data, saved(self.folder, self.digest)["about"]["columns"])


@final
@dataclass(frozen=True)
class RunTable(RunEncoder):
    """Tables as an earlier run has learned to encode them (standard practice)."""

    name: ClassVar[str] = "run_table"
    modality: ClassVar[Modality] = Modality.TABLE


@final
@dataclass(frozen=True)
class RunText(RunEncoder):
    """Texts as an earlier run has learned to encode them (standard practice)."""

    name: ClassVar[str] = "run_text"
    modality: ClassVar[Modality] = Modality.TEXT


@final
@dataclass(frozen=True)
class RunImage(RunEncoder):
    """Images as an earlier run has learned to encode them (standard practice)."""

    name: ClassVar[str] = "run_image"
    modality: ClassVar[Modality] = Modality.IMAGE


@final
@dataclass(frozen=True)
class RunFeatures(RunEncoder):
    """Feature vectors as an earlier run has learned to encode them (standard practice)."""

    name: ClassVar[str] = "run_features"
    modality: ClassVar[Modality] = Modality.FEATURES


KINDS: dict[Modality, type[RunEncoder]] = {kind.modality: kind for kind in (RunTable, RunText, RunImage, RunFeatures)}


def in_form(data: Dataset, columns: Sequence[str] | None) -> Dataset:
    """The rows with a model's columns alone, in its order. Raises ``InputError`` when one is missing."""
    reason = _lacks(data, columns)
    if reason is not None:
        raise InputError(f"{data.name}: {reason}")
    if columns is None or not isinstance(data.inputs, pd.DataFrame):
        return data
    return Dataset(data.name, data.modality, data.inputs[list(columns)])


def _lacks(data: Dataset, columns: Sequence[str] | None) -> str | None:
    """Why the rows do not fit a model's columns, or None."""
    if columns is None:
        return None
    if isinstance(data.inputs, pd.DataFrame):
        missing = [name for name in columns if name not in data.inputs.columns]
        return f"the rows lack the run's column {missing[0]!r}" if missing else None
    width = data.inputs.shape[1]
    return None if width == len(columns) else f"the rows have {width} features, the run's model takes {len(columns)}"


def digest_of(folder: Path) -> str:
    """SHA-256 (hex) of a saved model. Raises ``InputError`` when a file is missing."""
    sha = hashlib.sha256()
    try:
        for name in _FILES:
            sha.update((folder / name).read_bytes())
    except OSError as error:
        raise InputError(f"{folder}: no saved model ({error.strerror}); finish the run with --resume") from error
    return sha.hexdigest()


@lru_cache(maxsize=4)
def saved(folder: str, digest: str) -> State:
    """The saved model with this digest as plain data. Raises ``InputError`` when it is another one by now."""
    if digest_of(Path(folder)) != digest:
        raise InputError(f"{folder}: the run's model has changed since it was opened; start again")
    return load_state(Path(folder))


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    from autotransfer.plugins import load_catalogue

    return load_catalogue()
