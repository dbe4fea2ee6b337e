"""Learned queries between a frozen image encoder and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer.tuning.prepared import prepared
from autotransfer_multimodal.method import PairedMethod, training_settings
from autotransfer_multimodal.qformer.predictor import QFormerPredictor
from autotransfer_multimodal.qformer.spec import QFormerSpec
from autotransfer_multimodal.qformer.towers import QFormerTowers
from autotransfer_multimodal.tuned_towers import trainable
from autotransfer_multimodal.vocabulary import Vocabulary

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class QFormer(PairedMethod):
    """Li, Li, Savarese and Hoi, "BLIP-2: bootstrapping language-image pre-training with frozen image encoders and large
    language models", ICML 2023 (arXiv:2301.12597), its first stage: a transformer whose learned queries look at the
    places of a frozen image encoder by cross-attention and share self-attention with the text.

    Trained by image-text contrast, each text being compared with its best query, and by image-text matching with hard
    negatives. Left out: text generation, the paper's third loss, and its second stage, which needs a language model.
    Small: two layers, each with cross-attention (in the paper every second of twelve), and from scratch (there: from
    BERT). Classes are told by the contrast alone.

    :param queries: how many. :param width: of queries and tokens. :param epochs: passes over the pairs, at most 600
        steps of 128. :param rate: Adam's highest learning rate. :param prompts: see ``prompts.PROMPTS``.
    :param anchor: see ``few_labels.anchored``.
    """

    queries: int = 4
    width: int = 32
    epochs: int = 10
    rate: float = 2e-3

    name: ClassVar[str] = "q_former"
    needs: ClassVar[Asset] = PairedMethod.needs | Asset.TRAINABLE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    reference: ClassVar[str] = "Li et al., ICML 2023, arXiv:2301.12597"
    predictor: ClassVar[type[Predictor]] = QFormerPredictor

    def learn(self, source: Source, ctx: Context) -> QFormerTowers:
        """Contrast and matching on grids that are computed once."""
        from autotransfer_multimodal.contrast import Pace, every, trained
        from autotransfer_multimodal.qformer.grids import grids
        from autotransfer_multimodal.qformer.losses import contrast_and_match

        encoder, words = trainable(source), Vocabulary.of(source.captions, self.width, 1)
        ctx.check_time()
        grid = grids(encoder.build(), prepared(encoder, source.rows.without_labels())).to(ctx.device)
        ctx.check_time()
        tokens = len(words.spec.pieces) + words.spec.specials
        network = QFormerSpec(grid.shape[2], self.width, 2, self.queries, 64, tokens).build().to(ctx.device)

        def loss(seen: Tensor, said: Tensor) -> Tensor:
            return contrast_and_match(network, seen, said)

        pairs = (grid, words.tokens(source.captions).to(ctx.device))
        trained(network, pairs, Pace(self.epochs, self.rate), ctx, loss, every(network))
        return QFormerTowers(encoder, network.cpu(), words, network.final_factor())

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width."""
        return cls(**training_settings(suggest), queries=suggest.suggest_int("queries", 1, 8, log=True))
