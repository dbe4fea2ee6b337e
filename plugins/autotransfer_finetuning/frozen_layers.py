"""Fine-tuning above first layers that stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings


@final
@dataclass(frozen=True)
class FrozenLayers(TunedMethod):
    """Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?", NIPS 2014
    (arXiv:1411.1792): the first layers, whose features are general, are kept; the rest is trained further.

    :param frozen: share of the network's blocks, in (0, 1), that stay; at least one does, and one moves.
    """

    rate: float = 3e-3
    frozen: float = 0.5

    name: ClassVar[str] = "frozen_layers"
    reference: ClassVar[str] = "Yosinski et al., NIPS 2014, arXiv:1411.1792"

    def start(self, tuning: Tuning) -> None:
        """Freeze the blocks nearest to the input."""
        count = min(len(tuning.blocks) - 1, max(1, round(self.frozen * len(tuning.blocks))))
        tuning.freeze({name for block in tuning.blocks[:count] for name in block})

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), frozen=suggest.suggest_float("frozen", 0.1, 0.9))
