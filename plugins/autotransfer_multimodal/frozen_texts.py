"""Texts by an encoder that learns nothing from images: latent semantic analysis of the captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.nets import Form, form_of


@final
@dataclass(frozen=True, eq=False)
class FrozenTexts:
    """:param form: fitted on the captions; gives centred rows of one scale."""

    form: Form

    @classmethod
    def of(cls, captions: Array) -> Self:
        """From the captions (n,) of all pairs, n > 0."""
        return cls(form_of([_rows(captions)]))

    def features(self, texts: Sequence[str] | Array) -> Array:
        """Float32 (n, a)."""
        return self.form.rows(_rows(texts))


def _rows(texts: Sequence[str] | Array) -> Dataset:
    return Dataset("texts", Modality.TEXT, np.array(list(texts), dtype=object))


def of_length_one(rows: Array) -> Array:
    """Each row (n, d) divided by its length; a row of zeros stays. Float64."""
    wide = np.asarray(rows, np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.where(lengths > 0, lengths, 1.0))
