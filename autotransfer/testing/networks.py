"""Toy pretrained networks that can be trained further: fixed random layers that keep nearly all of what rows say."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.testing.render import SIDE
from autotransfer.trainable import Blocks, Trainable

if TYPE_CHECKING:
    from torch import Tensor, nn

WIDTH, CLASSES = 24, 3
"""Columns of the features, and classes of the network's own head."""
_LONGEST = 64
_SMALL = 0.1
"""What the transformer's layer adds, against what passes it."""


@dataclass(frozen=True)
class ToyNetwork(Encoder, Trainable):
    """Two layers on top of prepared rows, one of a transformer, and a head for classes of its own."""

    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    def fit(self, data: Dataset) -> FittedEncoder:
        """Nothing to learn."""
        return FittedToyNetwork(self)

    def restore(self, state: State) -> FittedEncoder:
        """Nothing was kept."""
        return FittedToyNetwork(self)

    def build(self) -> nn.Module:
        """A first layer of the modality's own, ReLU, a linear layer, and a layer of a transformer on one token."""
        import torch
        from torch import nn

        from autotransfer.testing.tokens import OneToken

        last = OneToken(WIDTH)
        module = nn.Sequential(self.first(), nn.ReLU(), nn.Linear(WIDTH, WIDTH), last)
        rng = np.random.default_rng(0)
        with torch.no_grad():
            for parameter in module.parameters():
                scale = 1.5 / np.sqrt(parameter[0].numel() if parameter.ndim > 1 else len(parameter))
                parameter.copy_(torch.from_numpy(rng.normal(0, scale, tuple(parameter.shape))))
        last.shrink(_SMALL)
        return module.eval()

    def blocks(self, module: nn.Module) -> Blocks:
        """What comes before the last linear layer, and the rest."""
        names = [name for name, _ in module.named_parameters()]
        late = tuple(name for name in names if name.startswith(("2.", "3.")))
        return tuple(name for name in names if name not in late), late

    def head(self) -> tuple[Array, Array]:
        """Drawn from a fixed seed."""
        rng = np.random.default_rng(1)
        return rng.normal(size=(CLASSES, WIDTH)).astype(np.float32), np.zeros(CLASSES, np.float32)

    @abstractmethod
    def first(self) -> nn.Module:
        """Prepared rows to (n, WIDTH)."""


@final
@dataclass(frozen=True)
class ToyImageNetwork(ToyNetwork):
    """Sees the mean of each row of pixels (standard practice)."""

    name: ClassVar[str] = "toy_images"
    modality: ClassVar[Modality] = Modality.IMAGE

    def prepare(self, data: Dataset) -> Tensor:
        """Toy images are arrays of one size; others are cut or repeated."""
        import torch

        images = np.asarray(data.inputs)
        images = images if images.ndim == 4 else np.repeat(images[..., None], 3, axis=3)
        rows, columns = (np.arange(SIDE) % max(1, edge) for edge in images.shape[1:3])
        return torch.from_numpy(np.ascontiguousarray(images[:, rows][:, :, columns].transpose(0, 3, 1, 2)))

    def first(self) -> nn.Module:
        """The mean level of each row of each colour, a linear layer, and a convolution of a map of one pixel."""
        from torch import nn

        from autotransfer.testing.levels import Levels

        convolution = [nn.Unflatten(1, (WIDTH, 1, 1)), nn.Conv2d(WIDTH, WIDTH, 3, padding=1), nn.Flatten()]
        return nn.Sequential(Levels(), nn.Linear(3 * SIDE, WIDTH), *convolution)


@final
@dataclass(frozen=True)
class ToyTextNetwork(ToyNetwork):
    """Sees the mean of the vectors of words (standard practice)."""

    name: ClassVar[str] = "toy_texts"
    modality: ClassVar[Modality] = Modality.TEXT

    def prepare(self, data: Dataset) -> Tensor:
        """The words that toy texts are made of, numbered from 2; others are 1."""
        import torch

        kinds = enumerate(("less", "more"))
        known = {f"{word}{column}": 2 + 8 * kind + column for kind, word in kinds for column in range(8)}
        texts = [text.split()[:_LONGEST] if isinstance(text, str) else [] for text in np.asarray(data.inputs)]
        rows = np.zeros((len(texts), _LONGEST), np.int64)
        for row, words in zip(rows, texts, strict=True):
            row[: len(words)] = [known.get(word, 1) for word in words]
        return torch.from_numpy(rows)

    def first(self) -> nn.Module:
        """A vector a word, and their mean."""
        from torch import nn

        return nn.EmbeddingBag(18, WIDTH, mode="mean", padding_idx=0)


@final
@dataclass(frozen=True)
class FittedToyNetwork(FittedEncoder):
    """The network as it is."""

    network: ToyNetwork

    def transform(self, data: Dataset) -> Array:
        """``build()(prepare(data))``."""
        import torch

        with torch.no_grad():
            return np.asarray(self.network.build()(self.network.prepare(data)).numpy(), np.float32)

    def state(self) -> State:
        """Empty."""
        return {}


@final
@dataclass(frozen=True)
class NetworkHead(Predictor):
    """Softmax of the network's own linear head, from raw rows."""

    network: ToyNetwork

    def predict(self, data: Dataset) -> Array:
        """Probabilities (n, CLASSES)."""
        weight, bias = self.network.head()
        scores = FittedToyNetwork(self.network).transform(data) @ weight.T + bias
        weights = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def state(self) -> State:
        """Which of the networks."""
        return {"modality": str(self.network.modality)}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(NETWORKS[Modality(state["modality"])])


NETWORKS: dict[Modality, ToyNetwork] = {network.modality: network for network in (ToyImageNetwork(), ToyTextNetwork())}
"""By the modality of their rows."""
