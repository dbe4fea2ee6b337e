"""What may save time and memory, and what it costs: mixed precision, accumulation, checkpointing."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.harness import Arguments, Bar, at_most
from benchmarks.image_tasks import TASKS
from benchmarks.tuning_parts.alone import alone
from benchmarks.tuning_parts.journal import Journal
from benchmarks.tuning_parts.methods import MODEL, fitted

SEEDS = 3
PIECES = 4
ROWS = 24


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """Full fine-tuning in single precision and in bfloat16, the same seeds; and gradients in double precision.

    ``--quick``: hymenoptera and one seed."""
    from autotransfer_finetuning.fine_tuning import FineTuning

    names = ["hymenoptera"] if args.quick else list(TASKS)
    rows, journal = [], Journal(args.resume)
    for seed in range(args.seeds or (1 if args.quick else SEEDS)):
        for name in names:
            task = TASKS[name](args.data, seed)
            for precision in ("float32", "bfloat16"):
                work = partial(fitted, FineTuning(precision=precision), task, seed)
                about = {"task": name, "seed": seed, "method": f"fine_tuning, {precision}"}
                rows.append(journal.row(about, partial(alone, work)))

    def accuracy(precision: str) -> float:
        return float(statistics.mean(row["accuracy"] for row in rows if row["method"].endswith(precision)))

    gap = 100 * abs(accuracy("float32") - accuracy("bfloat16"))
    checked = alone(gradients)
    return rows, [
        at_most("bfloat16 from float32 (points)", gap, 1.0),
        at_most("gradient by accumulation: largest difference, double", checked["accumulate"], 1e-6),
        at_most("gradient by checkpointing: largest difference, double", checked["recompute"], 1e-6),
    ]


def gradients() -> dict[str, Any]:
    """Largest differences of the network's gradients from those of one plain pass over the batch.

    Statistics of batch normalisation are held for the pieces, as pieces have others than the whole.
    """
    import torch
    from torch import Tensor, nn

    from autotransfer.nets import Plan
    from autotransfer.nets.batches import Batch
    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Turn, train
    from autotransfer.pretrained.zoo_source import open_zoo_source
    from autotransfer.task import Context
    from autotransfer.trainable import Trainable

    source = open_zoo_source(MODEL)
    encoder: object = None if source is None else source.encoder
    if not isinstance(encoder, Trainable):
        raise LookupError(f"{MODEL} is not there")
    torch.manual_seed(0)
    images = torch.randn(ROWS, 3, 64, 64, dtype=torch.float64)

    def after(plan: Plan, *, held: bool) -> Tensor:
        """The gradient, from one step of SGD at rate 1, which with Nesterov's momentum moves by 1.9 times it."""
        module = encoder.build().double()
        module.pixels = nn.Identity()  # it would make single precision of the rows
        before = torch.cat([p.detach().ravel().clone() for p in module.parameters()])
        network = nn.ModuleList() if held else module

        def loss(batch: Batch) -> Tensor:
            mean: Tensor = module(batch.parts[0][0]).square().mean()
            return mean

        train(network, [Turn(loss, [Group(list(module.parameters()))])], [(images,)], plan, Context())
        return (before - torch.cat([p.detach().ravel() for p in module.parameters()])) / 1.9

    plain = Plan(epochs=1, batch=ROWS, rate=1.0, optimiser="sgd")
    return {
        "accumulate": float(
            (after(replace(plain, accumulate=PIECES), held=True) - after(plain, held=True)).abs().max()
        ),
        "recompute": float((after(replace(plain, recompute=True), held=False) - after(plain, held=False)).abs().max()),
    }
