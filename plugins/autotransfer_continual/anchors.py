"""Where the parameters were after a lesson, and how much each of them matters: what EWC, SI and MAS hold them by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True, eq=False)
class Anchor:
    """:param place: all parameters after a lesson, (p,). :param importance: of each of them, at least 0, (p,)."""

    place: Tensor
    importance: Tensor

    def penalty(self, parameters: Tensor) -> Tensor:
        """``sum_k importance_k (parameters_k - place_k)²``; a scalar."""
        return (self.importance * (parameters - self.place).square()).sum()

    def slope(self, parameters: Tensor) -> Tensor:
        """The penalty's gradient, (p,)."""
        return 2 * self.importance * (parameters - self.place)
