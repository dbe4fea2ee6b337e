"""What a Q-Former has learned, as towers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets.predictor import arrays_of
from autotransfer.trainable import Trainable
from autotransfer_multimodal.qformer.predictor import QFormerPredictor
from autotransfer_multimodal.towers import Towers
from autotransfer_multimodal.vocabulary import Vocabulary

if TYPE_CHECKING:
    from autotransfer_multimodal.qformer.network import QFormerNetwork


@final
@dataclass(frozen=True, eq=False)
class QFormerTowers(Towers):
    """:param network: trained, on the CPU."""

    encoder: Trainable
    network: QFormerNetwork
    words: Vocabulary
    factor: float

    def texts(self, texts: Sequence[str]) -> Array:
        from autotransfer_multimodal.networks import embedded

        return embedded(self.network.texts, self.words.tokens(texts))

    def images(self, data: Dataset) -> Array:
        return self._nothing.represent(data)

    def cosines(self, data: Dataset, texts: Array) -> Array:
        """The best of the queries' cosines."""
        return np.asarray(np.einsum("nqd,kd->nkq", self._nothing.queries(data), texts).max(axis=2))

    def predictor(self, classes: Array, change: Array) -> QFormerPredictor:
        spec = replace(self.network.spec, tokens=0)
        arrays, names = arrays_of(self.network), set(spec.build().state_dict())
        seeing = {name: array for name, array in arrays.items() if name in names}
        return QFormerPredictor(self.encoder, spec, seeing, classes, change, self.factor)

    @property
    def _nothing(self) -> QFormerPredictor:
        empty = np.zeros((1, self.network.spec.columns))
        return self.predictor(empty, empty)
