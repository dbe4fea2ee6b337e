"""A memory of fixed size in which every row offered so far has the same chance to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch

if TYPE_CHECKING:
    from autotransfer.nets.batches import Rows


@final
class Reservoir:
    """Vitter, "Random sampling with a reservoir", ACM Transactions on Mathematical Software 11, 1985
    (doi:10.1145/3147.3165), algorithm R. Randomness comes from torch's global generator.

    :param capacity: rows, at least 1.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._seen = 0
        self._rows: Rows = ()

    def __len__(self) -> int:
        return min(self._seen, self._capacity)

    def offer(self, rows: Rows) -> None:
        """Rows (tensors of equal length, the same kinds at every call), one after the other: the k-th row of all
        replaces a random one with probability capacity / k."""
        if not self._rows:
            self._rows = tuple(part.new_zeros((self._capacity, *part.shape[1:])) for part in rows)
        number = self._seen + torch.arange(len(rows[0]))
        place = (torch.rand(len(number), dtype=torch.float64) * (number + 1)).long()
        place = torch.where(number < self._capacity, number, place)
        last = {slot: row for row, slot in enumerate(place.tolist()) if slot < self._capacity}
        slots, taken = torch.tensor(list(last), dtype=torch.int64), torch.tensor(list(last.values()), dtype=torch.int64)
        for kept, part in zip(self._rows, rows, strict=True):
            kept[slots.to(kept.device)] = part[taken.to(part.device)].detach()
        self._seen += len(number)

    def draw(self, count: int) -> Rows:
        """So many rows, no row twice; all of them where there are fewer."""
        chosen = torch.randperm(len(self))[:count]
        return tuple(part[chosen.to(part.device)] for part in self._rows)
