"""What the defaults of parameter-efficient methods were chosen by: images that no other part tests on, with few labels,
unlike the photographs that the network has seen. A part that runs where it is named alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from autotransfer_finetuning.fine_tuning import FineTuning
from autotransfer_peft.bitfit import BitFit
from autotransfer_peft.conv_adapter import ConvAdapter
from autotransfer_peft.lora import Lora

from autotransfer.data import Dataset, Modality
from autotransfer.problem import RawData
from autotransfer.tuning import TunedMethod
from benchmarks.harness import Arguments, Bar
from benchmarks.image_tasks import ImageTask, style
from benchmarks.tasks.digits import usps
from benchmarks.tuning_parts.alone import alone
from benchmarks.tuning_parts.journal import Journal
from benchmarks.tuning_parts.methods import fitted

PRECISION = "bfloat16"
"""As good as single precision, in two thirds of the time."""


def digits(data: Path, seed: int) -> ImageTask:
    """USPS (Hull, PAMI 1994): ten training images of each digit, drawn by the seed, and 50 others."""
    rows, rng = usps(data, "train"), np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(rows.y == digit)) for digit in range(10)]
    few, held = (np.concatenate([part[cut] for part in drawn]) for cut in (slice(10), slice(20, 70)))
    train, test = (Dataset("usps", Modality.IMAGE, np.asarray(rows.inputs)[part], rows.y[part]) for part in (few, held))
    return ImageTask(RawData("usps", Modality.IMAGE, train.inputs, train.labels.astype(str)), train, test, 10)


TASKS: Mapping[str, Callable[[Path, int], ImageTask]] = {
    "usps": digits,
    "cartoon": partial(style, "cartoon", 70),
    "art_painting": partial(style, "art_painting", 70),
}


def settings() -> list[TunedMethod]:
    """Full fine-tuning at its defaults, and of each method what was tried: as it was at first, then longer, faster and
    wider."""
    return [
        FineTuning(precision=PRECISION),
        Lora(epochs=20, rate=3e-3, rank=4, precision=PRECISION),
        Lora(epochs=20, rate=1e-2, rank=4, precision=PRECISION),
        Lora(epochs=50, rate=1e-2, rank=8, precision=PRECISION),
        Lora(epochs=50, rate=3e-3, rank=8, precision=PRECISION),
        Lora(epochs=50, rate=3e-2, rank=8, precision=PRECISION),
        ConvAdapter(epochs=20, rate=3e-3, squeeze=8, precision=PRECISION),
        ConvAdapter(epochs=50, rate=1e-2, squeeze=8, precision=PRECISION),
        ConvAdapter(epochs=50, rate=1e-2, squeeze=4, precision=PRECISION),
        ConvAdapter(epochs=50, rate=3e-2, squeeze=4, precision=PRECISION),
        BitFit(epochs=20, rate=3e-3, precision=PRECISION),
        BitFit(epochs=50, rate=1e-2, precision=PRECISION),
        BitFit(epochs=50, rate=3e-2, precision=PRECISION),
    ]


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """A row for each task and setting, one seed unless ``--seeds`` says more; no bars. ``--resume`` as elsewhere."""
    rows, journal = [], Journal(args.resume)
    for seed in range(args.seeds or 1):
        for name, load in TASKS.items():
            task = load(args.data, seed)
            for method in settings():
                about = {"task": name, "seed": seed, "method": method.name, "settings": described(method)}
                rows.append(journal.row(about, partial(alone, partial(fitted, method, task, seed))))
    return rows, []


def described(method: TunedMethod) -> str:
    """What the settings differ in."""
    shown = ("epochs", "rate", "rank", "squeeze")
    return ", ".join(f"{name} {getattr(method, name):g}" for name in shown if hasattr(method, name))
