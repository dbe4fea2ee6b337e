"""Training on mixtures of rows and of labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class Mixup(TunedMethod):
    """Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk minimization", ICLR 2018 (arXiv:1710.09412):
    each batch is mixed with itself in another order, ``s x + (1 - s) x'``, with one share s from Beta(alpha, alpha),
    and so are the two losses. Texts are mixed after their encoding, "senMixup" of Guo, Mao and Zhang, 2019
    (arXiv:1905.08941).

    :param alpha: > 0; the larger, the more even the mixtures. 0.1 to 0.4 in the paper.
    """

    alpha: float = 0.2

    name: ClassVar[str] = "mixup"
    reference: ClassVar[str] = "Zhang et al., ICLR 2018, arXiv:1710.09412"

    def loss(self, tuning: Tuning) -> Loss:
        """The mixture's."""
        import torch

        rows, network = tuning.rows, tuning.network

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            share = float(torch.distributions.Beta(self.alpha, self.alpha).sample())
            other = torch.randperm(len(X)).to(X.device)
            if rows.images:
                seen = self.augmented(tuning, X).float()
                scores = network(share * seen + (1 - share) * seen[other]).scores
            else:
                z = network.backbone(X)
                scores = network.head(share * z + (1 - share) * z[other])
            return share * rows.loss(scores, y) + (1 - share) * rows.loss(scores, y[other])

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), alpha=suggest.suggest_float("alpha", 0.05, 1.0, log=True))
