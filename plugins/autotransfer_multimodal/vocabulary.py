"""Captions as token numbers, and the text tower's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.pretrained.specs import TextSpec
from autotransfer.pretrained.wordpieces import learn_pieces

if TYPE_CHECKING:
    from torch import Tensor

PIECES, LONGEST = 2000, 32
"""Most word pieces, and tokens of a caption that are read."""


@final
@dataclass(frozen=True)
class Vocabulary:
    """:param spec: of a transformer for these texts."""

    spec: TextSpec

    @classmethod
    def of(cls, captions: Array, width: int, depth: int) -> Self:
        """Word pieces of the captions. ``width``, ``depth``: of the transformer, which has four heads."""
        return cls(TextSpec(learn_pieces(captions.tolist(), PIECES), LONGEST, width, depth, 4))

    def tokens(self, texts: Sequence[str] | Array) -> Tensor:
        """int64 (n, length), 0 is padding."""
        import torch

        rows = np.array(list(texts), dtype=object)
        return torch.from_numpy(self.spec.rows(Dataset("texts", Modality.TEXT, rows)))
