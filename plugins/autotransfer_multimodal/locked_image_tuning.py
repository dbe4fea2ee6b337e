"""A text tower that learns to read for an image tower that stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor, form_of
from autotransfer.nets.specs import UnitSpec
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer_multimodal.dense_towers import DenseTowers
from autotransfer_multimodal.method import PairedMethod, training_settings
from autotransfer_multimodal.vocabulary import Vocabulary


@final
@dataclass(frozen=True)
class LockedImageTuning(PairedMethod):
    """Zhai, Wang, Mustafa, Steiner, Keysers, Kolesnikov and Beyer, "LiT: zero-shot transfer with locked-image text
    tuning", CVPR 2022 (arXiv:2111.07991), in its form Lu: the image tower is pretrained and locked, with no head of its
    own; a text tower from scratch, with a linear map into the image tower's space, is trained by InfoNCE.

    The locked features are computed once, as the paper advises, centred and brought to one scale. Images from an
    encoder that was never trained, such as ``hog``, are locked all the same.

    :param width: of the text tower, two layers deep. :param epochs: passes over the pairs, at most 600 steps of 128.
    :param rate: Adam's highest learning rate. :param prompts: see ``prompts.PROMPTS``.
    :param anchor: see ``few_labels.anchored``.
    """

    width: int = 64
    epochs: int = 20
    rate: float = 2e-3

    name: ClassVar[str] = "locked_image_tuning"
    reference: ClassVar[str] = "Zhai et al., CVPR 2022, arXiv:2111.07991"
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def learn(self, source: Source, ctx: Context) -> DenseTowers:
        """InfoNCE over the text tower."""
        import torch

        from autotransfer_multimodal.contrast import Pace, every, trained
        from autotransfer_multimodal.networks import Reader, TextTower, TwoTowers

        words, form = Vocabulary.of(source.captions, self.width, 2), form_of([source.rows])
        ctx.check_time()
        X = torch.from_numpy(form.rows(source.rows)).to(ctx.device)
        spec = UnitSpec(X.shape[1])
        towers = TwoTowers(spec.build(), TextTower(words.spec, spec.width)).to(ctx.device)
        pairs = (X, words.tokens(source.captions).to(ctx.device))
        trained(towers, pairs, Pace(self.epochs, self.rate), ctx, towers, every(towers))
        return DenseTowers(form, spec, {}, Reader(towers.text, words), towers.final_factor())

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width of the text tower."""
        return cls(**training_settings(suggest))
