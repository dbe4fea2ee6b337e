"""The things used last, up to a total size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """A mapping that forgets what was used longest ago.

    Every step is a single operation of the dictionary, so threads need no lock, and a fork never finds one held.

    :param limit: total size kept. One item larger than that is not kept at all.
    :param size: size of an item, in the unit of ``limit``.
    """

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self._limit = limit
        self._size = size
        self._items: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The item, which now counts as used last, or None."""
        item = self._items.pop(key, None)
        if item is not None:
            self._items[key] = item
        return item

    def put(self, key: str, item: T) -> None:
        """Keep the item; others may go."""
        self._items[key] = item
        while self._items and sum(map(self._size, list(self._items.values()))) > self._limit:
            self._items.popitem(last=False)
