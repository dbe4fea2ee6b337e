"""What the methods share whose networks teach themselves or each other: labelled source rows, and the target's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Method, Suggest
from autotransfer.nets import Cosine, NetworkPredictor, Plan
from autotransfer.nets.rows import DeepRows, gather
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.pupil import SIZE

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Outputs


@dataclass(frozen=True)
class Peers(Method):
    """A method without a teacher from outside: small networks learn labelled rows of source and target, and from each
    other's answers to these and to unlabelled target rows.

    It is the unlabelled rows that make them differ from plain training on both domains, so they need some.

    Feature rows go through two fully connected layers, images at 32 × 32 pixels through three convolutions.

    :param width: columns of the representation.
    :param epochs: passes over the larger domain, at most 1000 steps of 64 rows a domain.
    :param rate: Adam's learning rate, after a warm-up, before it falls to 0.
    :param target_weight: weight of the labelled target rows' loss, relative to the source's.
    """

    width: int = 64
    epochs: int = 10
    rate: float = 3e-3
    target_weight: float = 1.0

    needs: ClassVar[Asset] = (Asset.TARGET_LABELS | Asset.TARGET_UNLABELED) | (
        Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    )
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES, Modality.IMAGE})
    regression: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def plan(self) -> Plan:
        """How each network is trained."""
        return Plan(self.epochs, rate=self.rate, schedule=Cosine(), decay=1e-4)

    def gather(self, task: Task, source: Source | None, ctx: Context) -> DeepRows:
        """All rows as tensors."""
        return gather(task, source, ctx.device, SIZE)

    def label_loss(self, rows: DeepRows, batch: Batch, found: list[Outputs]) -> Tensor:
        """The loss of source rows and of labelled target rows.

        :param found: what the network says of each part of the batch, see ``DeepRows.sets``.
        """
        total = rows.loss(found[0].scores, batch.parts[0][1])
        return total + self.target_weight * rows.loss(found[2].scores, batch.parts[2][1])


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`Peers`."""
    return {
        "width": suggest.suggest_int("width", 16, 128, log=True),
        "epochs": suggest.suggest_int("epochs", 5, 30, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
        "target_weight": suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
    }


def rows_in(batch: Batch) -> tuple[Tensor, list[int]]:
    """All rows of a batch in one tensor, and how many each part has."""
    import torch

    parts = [part[0] for part in batch.parts]
    return torch.cat(parts), [len(part) for part in parts]
