"""Small singular values of the features are made smaller."""

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
class BatchSpectralShrinkage(TunedMethod):
    """Chen, Wang, Fu, Long and Wang, "Catastrophic forgetting meets negative transfer: batch spectral shrinkage for
    safe transfer learning", NeurIPS 2019: the loss has ``weight`` times the sum of the squares of the ``k`` smallest
    singular values of a batch's representations, since directions of small singular values transfer badly.

    :param weight: > 0; 0.001 in the paper. :param k: how many singular values; 1 in the paper.
    """

    weight: float = 1e-3
    k: int = 1

    name: ClassVar[str] = "bss"
    reference: ClassVar[str] = "Chen et al., NeurIPS 2019, Batch Spectral Shrinkage"

    def loss(self, tuning: Tuning) -> Loss:
        """The labels' loss and the penalty."""

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            found = tuning.network(self.augmented(tuning, X))
            return tuning.rows.loss(found.scores, y) + self.weight * smallest(found.z, self.k)

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 1e-4, 0.1, log=True),
            k=suggest.suggest_int("k", 1, 8),
        )


def smallest(z: Tensor, k: int) -> Tensor:
    """Sum of the squares of the ``k`` smallest singular values of z (n, d): the smallest eigenvalues of the smaller of
    its two Gram matrices, in double precision, whose gradient exists where singular values coincide."""
    import torch

    wide = z.double()
    gram = wide @ wide.T if len(z) <= z.shape[1] else wide.T @ wide
    least: Tensor = torch.linalg.eigvalsh(gram)[:k].sum()
    return least.to(z.dtype)
