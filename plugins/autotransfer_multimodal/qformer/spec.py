"""The Q-Former's form as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from autotransfer.errors import InputError

if TYPE_CHECKING:
    from autotransfer_multimodal.qformer.network import QFormerNetwork

_MOST = 65_536


@final
@dataclass(frozen=True)
class QFormerSpec:
    """:param channels: of a place in the image encoder's grid. :param width: of queries and tokens, a multiple of four
    heads and of 4. :param tokens: different token numbers; 0: there is no text side. :param columns: of the common
    space."""

    channels: int
    width: int = 64
    depth: int = 2
    queries: int = 8
    columns: int = 64
    tokens: int = 0

    def __post_init__(self) -> None:
        sizes = (self.channels, self.width, self.depth, self.queries, self.columns, self.tokens + 1)
        if not all(isinstance(size, int) and 1 <= size <= _MOST for size in sizes):
            raise InputError(f"a Q-Former of sizes {sizes}: they must be whole numbers from 1 to {_MOST}; fit again")

    def build(self) -> QFormerNetwork:
        """Initialised from torch's global generator: see ``seeding.reproducible``."""
        from autotransfer_multimodal.qformer.network import QFormerNetwork

        return QFormerNetwork(self)
