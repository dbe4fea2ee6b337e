"""Which device the tensors of a run live on."""

from __future__ import annotations

from collections.abc import Callable

from autotransfer.errors import InputError


def check_device(name: str) -> None:
    """Raise ``InputError`` unless ``name`` is ``cpu`` or an accelerator that PyTorch finds here.

    A run on another device than the one asked for would be a silent one: it is refused before anything is trained.
    """
    if name == "cpu":
        return
    import torch

    kind, _, index = name.partition(":")
    counts: dict[str, Callable[[], int]] = {
        "cuda": torch.cuda.device_count,
        "mps": lambda: int(torch.backends.mps.is_available()),
    }
    if kind not in counts or not (index.isdecimal() or name == kind):
        raise InputError(f"--device {name}: there is no such device; give cpu, cuda, cuda:1 or mps")
    count = counts[kind]()
    if int(index or 0) >= count:
        raise InputError(f"--device {name}: PyTorch finds {count} {kind} devices here; choose another, or leave it out")
