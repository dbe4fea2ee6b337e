"""Both towers from scratch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.nets import ImageForm, NetworkPredictor, form_of
from autotransfer.nets.specs import UnitSpec
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer_multimodal.dense_towers import DenseTowers
from autotransfer_multimodal.method import PairedMethod, training_settings
from autotransfer_multimodal.vocabulary import Vocabulary

PIXELS = 32
"""Edge of the images that the network from scratch sees."""


@final
@dataclass(frozen=True)
class Clip(PairedMethod):
    """CLIP: Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021
    (arXiv:2103.00020): an image tower and a text tower, both from scratch, linear maps into a common space, InfoNCE
    with a learned temperature, decoupled weight decay and a cosine schedule. Small: a convolutional network of two
    layers on 32 × 32 pixels and a transformer of two; without the paper's crops, which such images do not need.

    :param columns: of the common space. :param epochs: passes over the pairs, at most 600 steps of 128.
    :param rate: Adam's highest learning rate. :param prompts: see ``prompts.PROMPTS``.
    :param anchor: see ``few_labels.anchored``.
    """

    columns: int = 64
    epochs: int = 20
    rate: float = 2e-3

    name: ClassVar[str] = "clip"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    reference: ClassVar[str] = "Radford et al., ICML 2021, arXiv:2103.00020"
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def learn(self, source: Source, ctx: Context) -> DenseTowers:
        """InfoNCE over both towers."""
        import torch

        from autotransfer.nets.predictor import arrays_of
        from autotransfer_multimodal.contrast import Pace, every, trained
        from autotransfer_multimodal.networks import Reader, TextTower, TwoTowers

        words, form = Vocabulary.of(source.captions, 64, 2), form_of([source.rows], _edge(source))
        if not isinstance(form, ImageForm):
            raise TypeError("this method takes images as they are")
        ctx.check_time()
        X = torch.from_numpy(form.rows(source.rows)).to(ctx.device)
        spec = UnitSpec(X.shape[1], self.columns, form.backbone(128))
        towers = TwoTowers(spec.build(), TextTower(words.spec, self.columns)).to(ctx.device)
        pairs = (X, words.tokens(source.captions).to(ctx.device))
        trained(towers, pairs, Pace(self.epochs, self.rate), ctx, towers, every(towers))
        return DenseTowers(form, spec, arrays_of(towers.image), Reader(towers.text, words), towers.final_factor())

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width of the space."""
        return cls(**training_settings(suggest))


def _edge(source: Source) -> int:
    """Of the images that are seen: arrays of smaller ones keep their own."""
    shape = np.shape(source.rows.inputs)
    return min(PIXELS, max(shape[1:3])) if len(shape) > 2 else PIXELS
