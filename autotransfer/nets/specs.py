"""Networks as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.nets.network import Network


@final
@dataclass(frozen=True)
class MlpSpec:
    """Fully connected layers with batch normalisation (Ioffe and Szegedy, ICML 2015, arXiv:1502.03167) and ReLU.

    :param inputs: columns of a row. :param widths: units of each layer, at least one; the last is the representation.
    :param normalised: without batch normalisation, what becomes of a row does not depend on the others of its batch,
        nor on the statistics of the last of several tasks.
    """

    kind: ClassVar[str] = "mlp"

    inputs: int
    widths: tuple[int, ...] = (128, 128)
    normalised: bool = True

    @property
    def width(self) -> int:
        """Columns of the representation."""
        return self.widths[-1]

    def build(self) -> nn.Module:
        """Rows (n, inputs) to representations (n, width)."""
        from torch import nn

        layers: list[nn.Module] = []
        for before, after in pairwise((self.inputs, *self.widths)):
            norm = [nn.BatchNorm1d(after)] if self.normalised else []
            layers += [nn.Linear(before, after), *norm, nn.ReLU()]
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
    :param normalised: as for :class:`MlpSpec`.
    """

    kind: ClassVar[str] = "conv"

    channels: int
    size: int
    widths: tuple[int, ...] = (16, 32)
    width: int = 128
    pooled: bool = False
    normalised: bool = True

    def build(self) -> nn.Module:
        """Rows (n, channels * size * size) to representations (n, width)."""
        from torch import nn

        layers: list[nn.Module] = [nn.Unflatten(1, (self.channels, self.size, self.size))]
        for before, after in pairwise((self.channels, *self.widths)):
            norm = [nn.BatchNorm2d(after)] if self.normalised else []
            layers += [nn.Conv2d(before, after, 5, stride=2, padding=2), *norm, nn.ReLU()]
        if self.pooled:
            layers += [nn.AdaptiveAvgPool2d(1)]
        edge = 1 if self.pooled else -(-self.size // 2 ** len(self.widths))
        flat = self.widths[-1] * edge**2
        last = [nn.BatchNorm1d(self.width)] if self.normalised else []
        layers += [nn.Flatten(), nn.Linear(flat, self.width), *last, nn.ReLU()]
        return nn.Sequential(*layers)


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


Backbone: TypeAlias = MlpSpec | ConvSpec | UnitSpec


@final
@dataclass(frozen=True)
class NetworkSpec:
    """A backbone and its heads. ``config.to_json`` and ``config.from_json`` take it to plain data and back.

    :param outputs: scores of a head: one a class, or one value.
    :param heads: how many heads of the same form stand side by side.
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
