"""The number format in which a network is passed, and the scaled loss that half precision needs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import final

import torch
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim import Optimizer

TYPES: dict[str, torch.dtype | None] = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}
"""By the names in ``Plan.precision``; None: as the weights are."""


@final
class Precision:
    """Of one optimiser's updates. Gradients that are not finite after scaling cost a step and halve the scale."""

    def __init__(self, name: str, device: str) -> None:
        if name not in TYPES:
            raise ValueError(f"precision is one of {', '.join(TYPES)}, not {name!r}")
        self._kind, self._type = torch.device(device).type, TYPES[name]
        self._scaler = GradScaler(self._kind) if self._type == torch.float16 else None

    def cast(self) -> AbstractContextManager[object]:
        """Inside, matrix products and convolutions are computed in this precision."""
        return nullcontext() if self._type is None else torch.autocast(self._kind, self._type)

    def scaled(self, loss: Tensor) -> Tensor:
        """What is to be differentiated."""
        return loss if self._scaler is None else self._scaler.scale(loss)

    def step(self, optimiser: Optimizer, parameters: Sequence[nn.Parameter], clip: float | None) -> None:
        """Clip the gradients at their true scale, and update."""
        if self._scaler is not None:
            self._scaler.unscale_(optimiser)
        if clip is not None:
            nn.utils.clip_grad_norm_(parameters, clip)
        if self._scaler is None:
            optimiser.step()
        else:
            self._scaler.step(optimiser)
            self._scaler.update()
