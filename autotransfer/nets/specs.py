"""Networks as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

    from autotransfer.nets.network import Network

    Norms: TypeAlias = Mapping[str, Callable[[int], nn.Module]]

NORMS = ("batch", "layer", "none")
"""By the statistics of a batch (Ioffe and Szegedy, ICML 2015, arXiv:1502.03167), or of a row alone (Ba, Kiros and
Hinton, 2016, arXiv:1607.06450), or not at all. But for the first, what becomes of a row does not depend on the others
of its batch."""


@final
@dataclass(frozen=True)
class MlpSpec:
    """Fully connected layers with a normalisation and ReLU.

    :param inputs: columns of a row. :param widths: units of each layer, at least one; the last is the representation.
    :param norm: see :data:`NORMS`.
    """

    kind: ClassVar[str] = "mlp"

    inputs: int
    widths: tuple[int, ...] = (128, 128)
    norm: str = "batch"

    @property
    def width(self) -> int:
        """Columns of the representation."""
        return self.widths[-1]

    def build(self) -> nn.Module:
        """Rows (n, inputs) to representations (n, width)."""
        from torch import nn

        layers: list[nn.Module] = []
        for before, after in pairwise((self.inputs, *self.widths)):
            norms: Norms = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
            layers += [nn.Linear(before, after), *_norm(self.norm, norms, after), nn.ReLU()]
        return nn.Sequential(*layers)


@final
@dataclass(frozen=True)
class ConvSpec:
    """A small convolutional network in the manner of LeNet (LeCun et al., Proceedings of the IEEE 1998): 5 × 5
    convolutions of stride 2, each with batch normalisation and ReLU, then a fully connected layer. Strides in place of
    pooling take a fourth of the time.

    :param channels: colour planes of a row, (n, channels * size * size). :param size: edge in pixels.
    :param widths: planes after each convolution.
    :param width: columns of the representation.
    :param pooled: the fully connected layer sees the mean of each plane (Lin, Chen and Yan, Network in Network, ICLR
        2014, arXiv:1312.4400) in place of all its values: far fewer parameters.
    :param norm: see :data:`NORMS`.
    """

    kind: ClassVar[str] = "conv"

    channels: int
    size: int
    widths: tuple[int, ...] = (16, 32)
    width: int = 128
    pooled: bool = False
    norm: str = "batch"

    def build(self) -> nn.Module:
        """Rows (n, channels * size * size) to representations (n, width)."""
        from torch import nn

        layers: list[nn.Module] = [nn.Unflatten(1, (self.channels, self.size, self.size))]
        for before, after in pairwise((self.channels, *self.widths)):
            norms: Norms = {"batch": nn.BatchNorm2d, "layer": partial(nn.GroupNorm, 1)}
            norm = _norm(self.norm, norms, after)
            layers += [nn.Conv2d(before, after, 5, stride=2, padding=2), *norm, nn.ReLU()]
        if self.pooled:
            layers += [nn.AdaptiveAvgPool2d(1)]
        edge = 1 if self.pooled else -(-self.size // 2 ** len(self.widths))
        flat = self.widths[-1] * edge**2
        last = _norm(self.norm, {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}, self.width)
        layers += [nn.Flatten(), nn.Linear(flat, self.width), *last, nn.ReLU()]
        return nn.Sequential(*layers)


@final
@dataclass(frozen=True)
class BlocksSpec:
    """Blocks of a 3 × 3 convolution, a normalisation, ReLU and 2 × 2 max pooling, and nothing behind them: the network
    of Vinyals et al., "Matching networks for one shot learning", NIPS 2016 (arXiv:1606.04080), which few-shot methods
    are compared with.

    :param channels: colour planes of a row, (n, channels * size * size). :param size: edge in pixels, at least
        2 ** ``depth``. :param planes: after each convolution. :param depth: number of blocks.
    :param norm: see :data:`NORMS`.
    """

    kind: ClassVar[str] = "blocks"

    channels: int
    size: int
    planes: int = 64
    depth: int = 4
    norm: str = "batch"

    @property
    def width(self) -> int:
        """Columns of the representation."""
        return int(self.planes * (self.size // 2**self.depth) ** 2)

    def build(self) -> nn.Module:
        """Rows (n, channels * size * size) to representations (n, width). Planes lie innermost in memory, which takes
        two thirds of the time on a CPU."""
        import torch
        from torch import nn

        layers: list[nn.Module] = [nn.Unflatten(1, (self.channels, self.size, self.size))]
        for before, after in pairwise((self.channels, *(self.planes,) * self.depth)):
            norms: Norms = {"batch": nn.BatchNorm2d, "layer": partial(nn.GroupNorm, 1)}
            norm = _norm(self.norm, norms, after)
            layers += [nn.Conv2d(before, after, 3, padding=1), *norm, nn.ReLU(), nn.MaxPool2d(2)]
        network: nn.Module = nn.Sequential(*layers, nn.Flatten())
        return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]  # not in stubs


def _norm(name: str, known: Norms, width: int) -> list[nn.Module]:
    """The normalisation of that name behind a layer of so many units, or none."""
    if name not in NORMS:
        raise ValueError(f"norm is one of {', '.join(NORMS)}, not {name!r}")
    return [known[name](width)] if name in known else []


@final
@dataclass(frozen=True)
class UnitSpec:
    """Representations of length 1, as models that compare by cosine have them: rows, or what a network makes of them,
    through a linear map.

    :param inputs: columns of a row. :param columns: of the representation; 0: there is no map.
    :param inner: the network; None: rows as they are.
    """

    kind: ClassVar[str] = "unit"

    inputs: int
    columns: int = 0
    inner: MlpSpec | ConvSpec | None = None

    @property
    def width(self) -> int:
        """Columns of the representation."""
        return self.columns or self._before

    @property
    def _before(self) -> int:
        return self.inputs if self.inner is None else self.inner.width

    def build(self) -> nn.Module:
        """Rows (n, inputs) to representations (n, width)."""
        from torch import nn

        from autotransfer.nets.unit import Unit

        inner = nn.Identity() if self.inner is None else self.inner.build()
        linear = nn.Linear(self._before, self.columns, bias=False) if self.columns else nn.Identity()
        return nn.Sequential(inner, linear, Unit())


Backbone: TypeAlias = MlpSpec | ConvSpec | BlocksSpec | UnitSpec


@final
@dataclass(frozen=True)
class NetworkSpec:
    """A backbone and its heads. ``config.to_json`` and ``config.from_json`` take it to plain data and back.

    :param outputs: scores of a head: one a class, or one value.
    :param heads: how many heads of the same form stand side by side; 0: the scores are the representation itself.
    :param hidden: units of a hidden layer in each head; 0: the head is linear.
    """

    kind: ClassVar[str] = "network"

    backbone: Backbone
    outputs: int
    heads: int = 1
    hidden: int = 0

    def build(self) -> Network:
        """Initialised from torch's global generator: see ``seeding.reproducible``."""
        from autotransfer.nets.network import Network

        return Network(self.backbone.build(), [self.head() for _ in range(self.heads)])

    def head(self) -> nn.Module:
        """Representations (n, width) to scores (n, outputs)."""
        from torch import nn

        if not self.hidden:
            return nn.Linear(self.backbone.width, self.outputs)
        first = nn.Linear(self.backbone.width, self.hidden)
        return nn.Sequential(first, nn.BatchNorm1d(self.hidden), nn.ReLU(), nn.Linear(self.hidden, self.outputs))
