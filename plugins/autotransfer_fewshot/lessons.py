"""Episodes as tensors: the rows of a source, turned and augmented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets import BlocksSpec, FeatureForm, Form, ImageForm, MlpSpec
from autotransfer_fewshot.episodes import Episodes

if TYPE_CHECKING:
    from torch import Tensor

AUGMENTATIONS = ("affine", "crop", "none")
_STRENGTH, _SMALLEST = 0.25, 0.5


class Lesson(NamedTuple):
    """One episode: rows (n, d) and classes (n,), counted from 0 in the episode; class by class."""

    support: Tensor
    support_y: Tensor
    query: Tensor
    query_y: Tensor


@dataclass(frozen=True, eq=False)
class Lessons:
    """:param X: (m, d), the source's rows in the form that the network takes. :param augment: of images, each time they
    are seen: ``affine`` (turned, sheared, stretched and moved), ``crop`` (a part of at least half, mirrored every other
    time) or ``none``."""

    form: Form
    X: Tensor
    episodes: Episodes
    augment: str
    seed: int

    def of(self, number: int) -> Lesson:
        """The episode of that number; the classes' rows are the same at every call, the augmentations are not."""
        import torch

        drawn = self.episodes.draw(np.random.default_rng((self.seed, number)))
        ways = len(drawn.turns)

        def rows(part: Array) -> tuple[Tensor, Tensor]:
            y = torch.arange(ways, device=self.X.device).repeat_interleave(part.shape[1])
            turns = np.repeat(drawn.turns, part.shape[1])
            chosen = self.X[torch.from_numpy(part.ravel()).to(self.X.device)]
            return augmented(self.form, chosen, self.augment, turns), y

        return Lesson(*rows(drawn.support), *rows(drawn.query))


def augmented(form: Form, X: Tensor, augment: str, turns: Array | None = None) -> Tensor:
    """Rows (n, d) as they are trained on.

    :param turns: (n,), by how many quarters images are turned.
    """
    from autotransfer.nets.augment import affine, crops

    if not isinstance(form, ImageForm):
        return X
    images = X.view(len(X), form.channels, form.size, form.size)
    if turns is not None and turns.any():
        images = _turned(images, turns)
    if augment == "affine":
        images = affine(images, _STRENGTH)
    elif augment == "crop":
        images = crops(images, form.size, _SMALLEST)
    return images.reshape(len(X), -1)


def _turned(images: Tensor, turns: Array) -> Tensor:
    import torch

    by = torch.from_numpy(turns).to(images.device)
    found = images.clone()
    for quarters in (1, 2, 3):
        found[by == quarters] = torch.rot90(images[by == quarters], quarters, (2, 3))
    return found


def backbone_for(form: Form, width: int, norm: str) -> BlocksSpec | MlpSpec:
    """Four blocks of convolutions with ``width`` planes for images, two layers of twice as many units for features."""
    if isinstance(form, ImageForm):
        return BlocksSpec(form.channels, form.size, width, norm=norm)
    if not isinstance(form, FeatureForm):
        raise TypeError(f"rows are images or features, not {form.kind}")
    return MlpSpec(len(form.center), (2 * width, 2 * width), norm)


def form_and_rows(rows: Dataset, size: int, device: str) -> tuple[Form, Tensor]:
    """The source's rows (m, d) as a network takes them."""
    import torch

    from autotransfer.nets.forms import form_of

    form = form_of([rows], size)
    return form, torch.from_numpy(form.rows(rows)).to(device)
