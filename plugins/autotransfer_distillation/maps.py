"""Maps where there must be some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.errors import TrainingError
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.pupil import Sight

if TYPE_CHECKING:
    from torch import Tensor


def maps_in(seen: Lesson | Sight) -> Tensor:
    """The maps (n, planes, h, w). Raises ``TrainingError`` where a network has no convolutions."""
    if seen.maps is None:
        raise TrainingError("maps are compared, and a network has none: use a method that compares representations")
    return seen.maps
