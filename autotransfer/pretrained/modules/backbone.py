"""What the networks of the zoo have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from autotransfer.trainable import Blocks

CENTRE, SPREAD = (0.48, 0.45, 0.40), (0.28, 0.27, 0.28)
"""Mean and standard deviation of red, green and blue in photographs, where 1 is full intensity; rounded."""


class Backbone(nn.Module):
    """Prepared rows to features (n, width). Concrete ones are final."""

    @abstractmethod
    def stages(self) -> Iterable[nn.Module]:
        """Its parts in the order in which rows pass them; together they hold all parameters."""

    def blocks(self) -> Blocks:
        """Names of parameters, stage by stage; parameters of none of them belong to the first."""
        names = {id(parameter): name for name, parameter in self.named_parameters()}
        staged = [tuple(names.pop(id(parameter)) for parameter in stage.parameters()) for stage in self.stages()]
        return ((*names.values(), *staged[0]), *staged[1:])


class Pixels(nn.Module):
    """Images (n, 3, height, width) with values in [0, 255], uint8 or float, to values around 0."""

    def forward(self, images: Tensor) -> Tensor:
        """Float32 of the same shape."""
        # made anew each time: a buffer would be lost when the module is laid out without memory
        centre, spread = (images.new_tensor(values, dtype=torch.float32).view(3, 1, 1) for values in (CENTRE, SPREAD))
        return (images.float() / 255 - centre) / spread
