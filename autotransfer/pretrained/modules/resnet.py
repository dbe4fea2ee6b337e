"""A small residual network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, final

from torch import Tensor, nn
from torch.nn.functional import relu

from autotransfer.pretrained.modules.backbone import Backbone, Pixels

if TYPE_CHECKING:
    from autotransfer.pretrained.specs import ResNetSpec


@final
class Block(nn.Module):
    """Two 3 × 3 convolutions beside a shortcut, which averages where the block halves the image (He et al., 2019)."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or before != after:
            pool = nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False) if stride > 1 else nn.Identity()
            self.shortcut = nn.Sequential(pool, nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after))

    def forward(self, x: Tensor) -> Tensor:
        """(n, before, h, w) to (n, after, h / stride, w / stride), rounded up."""
        y = self.norm2(self.conv2(relu(self.norm1(self.conv1(x)))))
        return relu(y + self.shortcut(x))


@final
class ResNet(Backbone):
    """Takes images of any size; features are means over the last block's map."""

    def __init__(self, spec: ResNetSpec) -> None:
        super().__init__()
        width = spec.widths[0]
        self.pixels = Pixels()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, spec.stem_stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        layers = []
        for stage, (after, depth) in enumerate(zip(spec.widths, spec.depths, strict=True)):
            for index in range(depth):
                layers.append(Block(width, after, 2 if stage > 0 and index == 0 else 1))
                width = after
        self.layers = nn.ModuleList(layers)

    def stages(self) -> Iterable[nn.Module]:
        """The stem, then block by block."""
        return (self.stem, *self.layers)

    def maps(self, images: Tensor) -> Tensor:
        """Feature maps (n, width, h', w') of images (n, 3, h, w)."""
        x = self.stem(self.pixels(images))
        for layer in self.layers:
            x = layer(x)
        maps: Tensor = x
        return maps

    def forward(self, images: Tensor) -> Tensor:
        """Features (n, width)."""
        return self.maps(images).mean(dim=(2, 3))
