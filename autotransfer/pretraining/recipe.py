"""How an encoder is trained: one published objective."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from autotransfer.data import Dataset, Modality
from autotransfer.nets import Plan

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.pretrained.modules.backbone import Backbone
    from autotransfer.pretrained.specs import Spec


@dataclass(frozen=True)
class Recipe(ABC):
    """Concrete recipes are final, frozen dataclasses; their fields are the objective's own settings.

    :cvar name: for ``--recipe``. :cvar reference: the publication.
    :cvar modality: of the rows. :cvar labels: whether rows need labels.
    :cvar plan: sizes and rates that suit it; epochs and seed come from the user.
    """

    name: ClassVar[str]
    reference: ClassVar[str]
    modality: ClassVar[Modality]
    labels: ClassVar[bool] = False
    plan: ClassVar[Plan]

    @abstractmethod
    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        """The network that it trains.

        :param data: the training rows.
        :param size: edge of images in pixels, or tokens of a text. :param width: of the features. None: as suits it.
        """

    @abstractmethod
    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        """A module that holds ``backbone`` under this name, and everything else that is trained along.

        Its ``forward(rows, labels, progress)`` takes prepared rows, class numbers (-1 without labels) and the share of
        the training that is done, and gives a scalar loss. A ``head`` in it is kept with the backbone.
        """
