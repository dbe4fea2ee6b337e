"""A data set: raw inputs of one modality, optional labels, optional domain of origin. Nothing here is encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Array: TypeAlias = npt.NDArray[Any]
Inputs: TypeAlias = "pd.DataFrame | Array"


class Modality(StrEnum):
    """The form of raw inputs.

    ============  ======================================================================================
    TABLE         ``pandas.DataFrame``, one row an example
    TEXT          object array of ``str``, shape (n,)
    IMAGE         object array of file paths (``str``), shape (n,), or uint8 array (n, height, width[, 3])
    FEATURES      float array, shape (n, d)
    ============  ======================================================================================
    """

    TABLE = "table"
    TEXT = "text"
    IMAGE = "image"
    FEATURES = "features"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of one modality.

    :param name: how messages and reports call it.
    :param inputs: raw inputs, see :class:`Modality`.
    :param y: None (unlabelled), int64 class indices of shape (n,) or float64 values of shape (n,).
    :param domain: None, or int64 of shape (n,): which of several pooled sources each row came from.
    :param task: None, or int64 of shape (n,): which of several tasks each row is labelled for (see ``task.SubTask``);
        ``y`` is float64 then, class indices included.
    :param row: with ``task``, int64 of shape (n,): equal for what was one row with several labels; None: all differ.
    :param captions: None, or an object array of ``str``, shape (n,): what a sentence says of each row.
    """

    name: str
    modality: Modality
    inputs: Inputs
    y: Array | None = None
    domain: Array | None = None
    task: Array | None = None
    row: Array | None = None
    captions: Array | None = None

    def __post_init__(self) -> None:
        for part in ("y", "domain", "task", "row", "captions"):
            values = getattr(self, part)
            if values is not None and len(values) != len(self.inputs):
                raise ValueError(f"{self.name}: {part} has {len(values)} entries for {len(self.inputs)} rows")

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: Array) -> Dataset:
        """The given rows (integer positions or a boolean mask), in that order."""
        inputs = self.inputs.iloc[rows] if isinstance(self.inputs, pd.DataFrame) else self.inputs[rows]
        return replace(
            self,
            inputs=inputs,
            y=None if self.y is None else self.y[rows],
            domain=None if self.domain is None else self.domain[rows],
            task=None if self.task is None else self.task[rows],
            row=None if self.row is None else self.row[rows],
            captions=None if self.captions is None else self.captions[rows],
        )

    def with_inputs(self, inputs: Array, modality: Modality = Modality.FEATURES) -> Dataset:
        """The same rows in another form, e.g. encoded."""
        return replace(self, inputs=inputs, modality=modality)

    def without_labels(self) -> Dataset:
        """The same rows, labels withheld."""
        return replace(self, y=None)

    @property
    def X(self) -> Array:  # noqa: N802 - the field's own name
        """Inputs as an array of shape (n, d). Only for ``FEATURES``."""
        if self.modality is not Modality.FEATURES:
            raise TypeError(f"{self.name} holds {self.modality} rows: encode them before taking X")
        return np.asarray(self.inputs)

    @property
    def labels(self) -> Array:
        """``y`` where there must be one."""
        if self.y is None:
            raise TypeError(f"{self.name} has no labels")
        return self.y

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the inputs' content: equal rows in equal order give equal digests, labels aside."""
        sha = hashlib.sha256(self.modality.encode())
        if isinstance(self.inputs, pd.DataFrame):
            sha.update(repr([(str(c), str(t)) for c, t in self.inputs.dtypes.items()]).encode())
        for part in _bytes_of(self.inputs):
            sha.update(part)
        return sha.hexdigest()


def _bytes_of(inputs: Inputs) -> list[bytes]:
    if isinstance(inputs, pd.DataFrame):
        return [row_hashes(inputs).tobytes()]
    if inputs.dtype == object:
        return [f"{len(text)}:{text}".encode("utf-8", "surrogatepass") for text in inputs]
    return [str((inputs.shape, inputs.dtype)).encode(), np.ascontiguousarray(inputs).tobytes()]


def row_hashes(inputs: Inputs) -> Array:
    """A uint64 for each row, equal for equal rows; shape (n,)."""
    if isinstance(inputs, pd.DataFrame):
        plain = inputs.apply(lambda column: column.astype(str) if column.dtype == object else column)
        return np.asarray(pd.util.hash_pandas_object(plain, index=False).to_numpy())
    if inputs.dtype == object:
        return np.asarray(pd.util.hash_array(np.asarray(inputs, dtype=object)))
    if len(inputs) == 0:
        return np.empty(0, np.uint64)
    flat = np.ascontiguousarray(inputs).reshape(len(inputs), -1)
    keys = [hashlib.blake2b(row.tobytes(), digest_size=8).digest() for row in flat]
    return np.frombuffer(b"".join(keys), dtype=np.uint64)


def concatenate(name: str, parts: Sequence[Dataset], *, mark_domains: bool = False) -> Dataset:
    """Rows of several data sets of one modality, in order.

    Labels and captions are kept when every part has them. With ``mark_domains`` the result's ``domain`` is the part's
    index.
    """
    if not parts:
        raise ValueError("concatenate needs at least one data set")
    if len(parts) == 1 and not mark_domains:
        return replace(parts[0], name=name)
    frames = [part.inputs for part in parts]
    inputs: Inputs
    if isinstance(frames[0], pd.DataFrame):
        inputs = pd.concat([frame for frame in frames if isinstance(frame, pd.DataFrame)], ignore_index=True)
    else:
        inputs = np.concatenate([np.asarray(frame) for frame in frames])
    domain = np.repeat(np.arange(len(parts)), [len(part) for part in parts]) if mark_domains else None
    y, captions = (_joined(of_each) for of_each in ([p.y for p in parts], [p.captions for p in parts]))
    return Dataset(name, parts[0].modality, inputs, y, domain, captions=captions)


def _joined(of_each: Sequence[Array | None]) -> Array | None:
    known = [values for values in of_each if values is not None]
    return np.concatenate(known) if len(known) == len(of_each) else None
