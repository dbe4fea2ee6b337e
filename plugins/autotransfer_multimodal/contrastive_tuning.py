"""A pretrained image tower tuned further on pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.nets.plan import Group
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer.tuning import TunedPredictor
from autotransfer_multimodal.method import PairedMethod, training_settings
from autotransfer_multimodal.tuned_towers import TunedTowers, started
from autotransfer_multimodal.vocabulary import Vocabulary

if TYPE_CHECKING:
    from torch import Tensor

PRETRAINED_RATE = 0.1
"""The pretrained layers' learning rate, as a multiple of that of what is new."""


@final
@dataclass(frozen=True)
class ContrastiveTuning(PairedMethod):
    """Zhai et al., "LiT: zero-shot transfer with locked-image text tuning", CVPR 2022 (arXiv:2111.07991), in its form
    Uu, which the paper compares with: both towers are trained by InfoNCE, the image tower from a pretrained network,
    the text tower from scratch.

    :param columns: of the common space. :param epochs: passes over the pairs, at most 600 steps of 128.
    :param rate: Adam's highest learning rate, of what is new; a tenth of it for pretrained layers.
    :param prompts: see ``prompts.PROMPTS``. :param anchor: see ``few_labels.anchored``.
    """

    columns: int = 64
    epochs: int = 10
    rate: float = 2e-3

    name: ClassVar[str] = "contrastive_tuning"
    needs: ClassVar[Asset] = PairedMethod.needs | Asset.TRAINABLE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    reference: ClassVar[str] = "Zhai et al., CVPR 2022, arXiv:2111.07991"
    predictor: ClassVar[type[Predictor]] = TunedPredictor

    def learn(self, source: Source, ctx: Context) -> TunedTowers:
        """InfoNCE over both towers; images are cropped and mirrored as they are seen."""
        from autotransfer.nets.augment import crops
        from autotransfer_multimodal.contrast import Pace, every, trained
        from autotransfer_multimodal.networks import Reader, TextTower, TwoTowers

        words = Vocabulary.of(source.captions, 64, 2)
        ctx.check_time()
        tuning = started(source, self.columns, ctx)
        ctx.check_time()
        image = tuning.network.backbone
        towers = TwoTowers(image, TextTower(words.spec, self.columns)).to(ctx.device)
        groups = [*every(image, PRETRAINED_RATE), *every(towers.text), Group([towers.log_factor], decay=0.0)]

        def loss(images: Tensor, tokens: Tensor) -> Tensor:
            seen = crops(images, int(images.shape[-1]), 0.5) if towers.training else images
            found: Tensor = towers(seen, tokens)
            return found

        pairs = (tuning.rows.X, words.tokens(source.captions).to(ctx.device))
        trained(towers, pairs, Pace(self.epochs, self.rate), ctx, loss, groups)
        return TunedTowers(tuning, Reader(towers.text, words), towers.final_factor())

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width of the space."""
        return cls(**training_settings(suggest))
