"""Adapters: two narrow layers beside or behind a layer that is frozen."""

from __future__ import annotations

from typing import final

from torch import Tensor, nn
from torch.nn.functional import relu

_NARROW = 1e-3
"""Standard deviation of first weights that leave a layer nearly as it was."""


@final
class Bottleneck(nn.Module):
    """x -> up(act(down(x))), without the way past it."""

    def __init__(self, width: int, narrow: int, act: nn.Module) -> None:
        super().__init__()
        self.down, self.act, self.up = nn.Linear(width, narrow), act, nn.Linear(narrow, width)

    def near_zero(self) -> Bottleneck:
        """Weights from a Gaussian of standard deviation 0.001 cut at twice that, biases zero, as Houlsby et al. start:
        the adapter is nearly the identity."""
        for layer in (self.down, self.up):
            nn.init.trunc_normal_(layer.weight, std=_NARROW, a=-2 * _NARROW, b=2 * _NARROW)
            nn.init.zeros_(layer.bias)
        return self

    def zero(self) -> Bottleneck:
        """``up`` zero and ``down`` as He et al. start, so that nothing changes at first."""
        nn.init.kaiming_uniform_(self.down.weight, a=5**0.5)
        for values in (self.down.bias, self.up.weight, self.up.bias):
            nn.init.zeros_(values)
        return self

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) to the same."""
        out: Tensor = self.up(self.act(self.down(x)))
        return out


@final
class Behind(nn.Module):
    """A layer, and an adapter with a way past it: h = base(x), then h + adapter(h)."""

    def __init__(self, base: nn.Module, adapter: Bottleneck) -> None:
        super().__init__()
        self.base, self.adapter = base, adapter

    def forward(self, x: Tensor) -> Tensor:
        """As the layer's."""
        h: Tensor = self.base(x)
        out: Tensor = h + self.adapter(h)
        return out


@final
class BesideMlp(nn.Module):
    """A transformer's small network, and a narrower one beside it: base(x) + scale · adapter(x), both normalised by the
    layer before (Chen et al., AdaptFormer, NeurIPS 2022, equations 2 and 3)."""

    def __init__(self, base: nn.Module, adapter: Bottleneck, scale: float) -> None:
        super().__init__()
        self.base, self.adapter, self.scale = base, adapter, scale

    def forward(self, x: Tensor) -> Tensor:
        """As the small network's."""
        h: Tensor = self.base(x)
        out: Tensor = h + self.scale * self.adapter(x)
        return out


@final
class BesideConv(nn.Module):
    """A convolution with another one beside it: base(x) + beside(x)."""

    def __init__(self, base: nn.Conv2d, beside: nn.Module) -> None:
        super().__init__()
        self.base, self.beside = base, beside

    def forward(self, x: Tensor) -> Tensor:
        """As the convolution's."""
        h: Tensor = self.base(x)
        out: Tensor = h + self.beside(x)
        return out


@final
class NarrowConv(nn.Module):
    """The module of Chen et al., "Conv-Adapter: Exploring parameter efficient transfer learning for ConvNets", 2022
    (arXiv:2208.07463): a depth-wise convolution to fewer planes of the same kernel, ReLU, a 1 × 1 convolution, and a
    factor for each plane, which is zero at first.

    :param base: the convolution that it stands beside. :param squeeze: planes of the base's input for one of its own,
        taken at least so that there is a plane.
    """

    def __init__(self, base: nn.Conv2d, squeeze: int) -> None:
        super().__init__()
        narrow = next(n for n in range(max(1, base.in_channels // squeeze), 0, -1) if base.in_channels % n == 0)
        self.conv1 = nn.Conv2d(
            base.in_channels,
            narrow,
            base.kernel_size,  # type: ignore[arg-type]
            base.stride,  # type: ignore[arg-type]
            base.padding,  # type: ignore[arg-type]
            groups=narrow,
            bias=False,
        )
        self.conv2 = nn.Conv2d(narrow, base.out_channels, 1, bias=False)
        self.factor = nn.Parameter(base.weight.new_zeros(base.out_channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(n, in, h, w) to (n, out, h', w')."""
        out: Tensor = self.conv2(relu(self.conv1(x))) * self.factor
        return out
