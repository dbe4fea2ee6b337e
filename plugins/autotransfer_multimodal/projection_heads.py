"""Two linear heads on encoders that stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor, form_of
from autotransfer.nets.specs import UnitSpec
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer_multimodal.dense_towers import DenseTowers
from autotransfer_multimodal.frozen_texts import FrozenTexts
from autotransfer_multimodal.method import PairedMethod, training_settings

if TYPE_CHECKING:
    pass


@final
@dataclass(frozen=True)
class ProjectionHeads(PairedMethod):
    """Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021
    (arXiv:2103.00020), with nothing trained but its two linear projections and the temperature: features of images come
    from the run's encoder, those of texts from latent semantic analysis of the captions, and both stay as they are.

    :param columns: of the common space. :param epochs: passes over the pairs, at most 600 steps of 128 pairs.
    :param rate: Adam's highest learning rate. :param prompts: see ``prompts.PROMPTS``.
    :param anchor: see ``few_labels.anchored``.
    """

    columns: int = 64
    epochs: int = 30
    rate: float = 3e-3

    name: ClassVar[str] = "projection_heads"
    reference: ClassVar[str] = "Radford et al., ICML 2021, arXiv:2103.00020"
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def learn(self, source: Source, ctx: Context) -> DenseTowers:
        """InfoNCE over both maps."""
        import torch

        from autotransfer.nets.predictor import arrays_of
        from autotransfer_multimodal.contrast import Pace, every, trained
        from autotransfer_multimodal.networks import TwoTowers, embedded

        texts, form = FrozenTexts.of(source.captions), form_of([source.rows])
        ctx.check_time()
        X, T = (torch.from_numpy(rows) for rows in (form.rows(source.rows), texts.features(source.captions)))
        spec = UnitSpec(X.shape[1], self.columns)
        towers = TwoTowers(spec.build(), UnitSpec(T.shape[1], self.columns).build()).to(ctx.device)
        pairs = (X.to(ctx.device), T.to(ctx.device))
        trained(towers, pairs, Pace(self.epochs, self.rate), ctx, towers, every(towers))
        reader = towers.text.cpu()

        def embed(said: Sequence[str]) -> Array:
            return embedded(reader, torch.from_numpy(texts.features(said)))

        return DenseTowers(form, spec, arrays_of(towers.image), embed, towers.final_factor())

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the width of the space."""
        return cls(**training_settings(suggest))
