"""A change of a pretrained network before it is trained, as plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from torch import nn


class Change(ABC):
    """What is put into the network. Concrete ones are frozen dataclasses of JSON values: a saved model makes the change
    again on the pretrained network, then fills in what was trained.

    :cvar kind: unique among changes; a saved model names it.
    """

    kind: ClassVar[str]

    @abstractmethod
    def apply(self, module: nn.Module) -> Sequence[nn.Parameter]:
        """Change the network in place, and return the parameters that are trained beside the head; all others stay.

        New parameters are drawn from torch's global generator. Everything else that is added, buffers and frozen
        parameters, must follow from the module and the settings alone.
        """
