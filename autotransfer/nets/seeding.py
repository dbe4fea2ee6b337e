"""Training that repeats itself: torch's generators seeded for a while, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reproducible(seed: int, device: str) -> Iterator[None]:
    """Inside, initial weights and dropout follow from ``seed`` alone, and the same device gives the same numbers.

    The generators' states outside are as they were. GPUs are not touched unless ``device`` is one.
    """
    import torch

    index = torch.device(device).index or 0
    devices = [index] if device.startswith("cuda") else []
    with (
        torch.random.fork_rng(devices=devices),
        torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True),
    ):
        torch.default_generator.manual_seed(seed)
        for number in devices:
            torch.cuda.default_generators[number].manual_seed(seed)
        yield
