"""Parameters of a network in training, as the groups that an optimiser takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from torch import nn

from autotransfer.nets.plan import Group
from autotransfer.tuning.tuning import Tuning


def grouped(
    tuning: Tuning, head: float, rates: Sequence[float] | None = None, since: Sequence[float] | None = None
) -> list[Group]:
    """Blocks of the backbone and the head. What is frozen is left out; vectors (biases, and what scales normalised
    values) have no weight decay.

    :param head: multiple of the plan's rate for the head.
    :param rates: one a block, the one nearest to the input first. :param since: progress from which a block moves.
    """
    parameters = tuning.parameters()
    together = defaultdict(list, {(head, 0.0): list(tuning.network.head.parameters())})
    for index, block in enumerate(tuning.blocks):
        pace = (1.0 if rates is None else rates[index]), (0.0 if since is None else since[index])
        together[pace] += [parameters[name] for name in block if parameters[name].requires_grad]
    return [group for pace, moving in together.items() for group in matrices_and_vectors(moving, *pace)]


def matrices_and_vectors(parameters: Iterable[nn.Parameter], rate: float, since: float = 0.0) -> Iterable[Group]:
    """Matrices and kernels, and vectors; none that is empty."""
    kept = list(parameters)
    matrices, vectors = [p for p in kept if p.ndim > 1], [p for p in kept if p.ndim <= 1]
    if matrices:
        yield Group(matrices, rate, since=since)
    if vectors:
        yield Group(vectors, rate, 0.0, since)
