"""Two towers as one network. Importing this module imports torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import torch
from torch import Tensor, nn

from autotransfer.data import Array
from autotransfer.nets.unit import Unit
from autotransfer.pretrained.specs import TextSpec
from autotransfer_multimodal.loss import MOST, START, info_nce
from autotransfer_multimodal.vocabulary import Vocabulary

_CHUNK = 256


@final
class TextTower(nn.Module):
    """A transformer from scratch and a linear map. Radford et al. take the vector of the last token; the project's
    transformer gives the mean over tokens."""

    def __init__(self, spec: TextSpec, columns: int) -> None:
        super().__init__()
        self.backbone = spec.build()
        self.projection = nn.Linear(spec.width, columns, bias=False)
        self.unit = Unit()

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens (n, length) to rows of length 1, (n, columns)."""
        embedded: Tensor = self.unit(self.projection(self.backbone(tokens)))
        return embedded


class Contrastive(nn.Module):
    """What is trained by cosines. Their factor is learned as its logarithm, and clipped."""

    def __init__(self) -> None:
        super().__init__()
        self.log_factor = nn.Parameter(torch.tensor(START))

    @property
    def factor(self) -> Tensor:
        """What cosines are multiplied with."""
        return self.log_factor.exp()

    def final_factor(self) -> float:
        """The same as a number."""
        return float(self.factor.detach())

    def clip(self, progress: float) -> None:
        """Called after each update: the factor never passes its bound."""
        with torch.no_grad():
            self.log_factor.clamp_(max=MOST)


@final
class TwoTowers(Contrastive):
    """:param image: rows to (n, d). :param text: texts to (n, d); rows of length 1, both."""

    def __init__(self, image: nn.Module, text: nn.Module) -> None:
        super().__init__()
        self.image, self.text = image, text

    def forward(self, images: Tensor, texts: Tensor) -> Tensor:
        """The loss of a batch of pairs."""
        return info_nce(self.factor * self.image(images) @ self.text(texts).T)


def embedded(tower: Callable[[Tensor], Tensor], rows: Tensor) -> Array:
    """What a tower says of many rows, float64, without gradients."""
    with torch.no_grad():
        parts = [tower(chunk) for chunk in torch.split(rows, _CHUNK)]
    return torch.cat(parts).double().cpu().numpy()


@final
class Reader:
    """Texts through a trained tower, on the CPU."""

    def __init__(self, tower: nn.Module, vocabulary: Vocabulary) -> None:
        self._tower, self._vocabulary = tower.cpu().eval(), vocabulary

    def __call__(self, texts: Sequence[str]) -> Array:
        """(n, d), rows of length 1."""
        return embedded(self._tower, self._vocabulary.tokens(texts))
