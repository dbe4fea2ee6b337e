"""Fine-tuning of the whole network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, common_settings


@final
@dataclass(frozen=True)
class FineTuning(TunedMethod):
    """Girshick, Donahue, Darrell and Malik, "Rich feature hierarchies for accurate object detection and semantic
    segmentation", CVPR 2014 (arXiv:1311.2524): every layer is trained further, below a new head. The rate warms up and
    falls by a cosine, as in Loshchilov and Hutter, "SGDR", ICLR 2017 (arXiv:1608.03983), without restarts.
    """

    name: ClassVar[str] = "fine_tuning"
    reference: ClassVar[str] = "Girshick et al., CVPR 2014, arXiv:1311.2524"

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings."""
        return cls(**common_settings(suggest))
