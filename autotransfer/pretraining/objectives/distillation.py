"""The objective of a student that is taught as a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, cross_entropy, kl_div, layer_norm, linear, log_softmax

from autotransfer.errors import InputError
from autotransfer.nets.augment import crops
from autotransfer.pretrained.entry import load_entry, locate
from autotransfer.pretrained.modules.resnet import ResNet

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.vit import Vit
    from autotransfer.pretrained.specs import VitSpec
    from autotransfer.pretraining.distilled import Distilled

_FULL_SIZE_FROM = 0.7


@final
class Teacher(nn.Module):
    """A residual network that stays as it is: its last maps and its scores."""

    weight: Tensor
    bias: Tensor

    def __init__(self, network: ResNet, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.network = network.requires_grad_(requires_grad=False)
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)

    def train(self, mode: bool = True) -> Teacher:
        """It never trains: its statistics are those of its own data."""
        return super().train(mode=False)

    @torch.no_grad()
    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Maps (n, planes, h, w) and scores (n, classes)."""
        maps = self.network.maps(images)
        return maps, linear(maps.mean(dim=(2, 3)), self.weight, self.bias)


def teacher_of(name: str, n_classes: int) -> Teacher:
    """The entry of the zoo as a teacher. Raises ``InputError`` when it has no such maps or not as many classes."""
    network = load_entry(locate(name)).network
    module, head = network.build(), network.head()
    if not isinstance(module, ResNet) or head is None:
        raise InputError(f"--teacher {name}: it must be a residual network trained with labels; take photo-resnet")
    if len(head[0]) != n_classes:
        raise InputError(
            f"--teacher {name}: it knows {len(head[0])} classes, the data have {n_classes}; train one on these data"
        )
    weight, bias = (torch.from_numpy(part) for part in head)
    return Teacher(module, weight, bias)


@final
class Distillation(nn.Module):
    """Labels, the teacher's probabilities and its maps, all of the same random crops."""

    def __init__(self, backbone: Vit, spec: VitSpec, n_classes: int, recipe: Distilled, teacher: Teacher) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(spec.width, n_classes)
        self.teacher = teacher
        self.match = nn.Linear(spec.width, teacher.weight.shape[1])
        self._spec, self._recipe = spec, recipe

    def forward(self, rows: Tensor, labels: Tensor, progress: float) -> Tensor:
        """The loss of a batch."""
        images = crops(rows, growing(self._spec, progress), self._recipe.smallest)
        images = images.contiguous(memory_format=torch.channels_last)
        maps, advice = self.teacher(images)
        with torch.autocast(images.device.type, torch.bfloat16):
            tokens = self.backbone.encode(self.backbone.patches(images))
        tokens = tokens.float()
        scores = self.head(tokens.mean(dim=1))
        taught = softened(scores, advice, self._recipe.temperature)
        own = cross_entropy(scores, labels, label_smoothing=self._recipe.smoothing)
        trust = self._recipe.trust
        return (1 - trust) * own + trust * taught + self._recipe.hint * self._hint(tokens, maps)

    def _hint(self, tokens: Tensor, maps: Tensor) -> Tensor:
        """Squared error of the maps, normalised over planes at each place."""
        n, count, width = tokens.shape
        edge = round(count**0.5)
        places = (maps.shape[2], maps.shape[3])
        seen = adaptive_avg_pool2d(tokens.transpose(1, 2).reshape(n, width, edge, edge), places)
        told = self.match(seen.flatten(2).transpose(1, 2))
        wanted = maps.flatten(2).transpose(1, 2)
        error: Tensor = (told - layer_norm(wanted, wanted.shape[2:])).square().mean()
        return error


def softened(scores: Tensor, advice: Tensor, temperature: float) -> Tensor:
    """Kullback-Leibler divergence of the student's probabilities from the teacher's, both at this temperature, times
    its square: Hinton, Vinyals and Dean, 2015 (arXiv:1503.02531)."""
    told, wanted = (log_softmax(part / temperature, dim=1) for part in (scores, advice))
    return kl_div(told, wanted, log_target=True, reduction="batchmean") * temperature**2


def growing(spec: VitSpec, progress: float) -> int:
    """Edge of the crops, in whole patches: from a half of the encoder's size to all of it, where each position is."""
    edge = spec.size * (0.5 + 0.5 * min(1.0, progress / _FULL_SIZE_FROM))
    return max(spec.patch, int(edge // spec.patch) * spec.patch)
