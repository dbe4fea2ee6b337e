"""Train an encoder and save it as an entry of the zoo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

import numpy as np

from autotransfer.data import Array
from autotransfer.devices import check_device
from autotransfer.errors import InputError
from autotransfer.nets import Plan
from autotransfer.nets.clock import Clock
from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.entry import Entry, load_entry, place, save_entry
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import Spec
from autotransfer.pretraining.card import first_card, measured
from autotransfer.pretraining.prepared import prepared
from autotransfer.pretraining.recipe import Recipe
from autotransfer.pretraining.rows import TrainingRows, read_rows
from autotransfer.problem import ReadOptions
from autotransfer.task import Context

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.nets.batches import Batch

Say = Callable[[str], None]


@final
@dataclass(frozen=True)
class Order:
    """What ``autotransfer pretrain`` was asked for.

    :param data: path or URI of the rows. :param out: name in the user's zoo, or a folder.
    :param epochs: passes over the rows. :param seconds: that training may take; its rate runs down in time for either.
    :param size: edge of images in pixels, or tokens of a text. :param width: of the features. None: the recipe's own.
    """

    data: str
    recipe: Recipe
    out: str
    epochs: int = 20
    seconds: float = float("inf")
    seed: int = 0
    device: str = "cpu"
    size: int | None = None
    width: int | None = None
    read: ReadOptions = field(default_factory=ReadOptions)

    def check(self) -> None:
        """Raise ``InputError`` for a value out of range and for a place that cannot be written to."""
        if self.epochs < 1:
            raise InputError(f"--epochs {self.epochs}: it must be at least 1")
        if not self.seconds > 0:
            raise InputError(f"--budget {self.seconds:g}: it must be a positive duration")
        check_device(self.device)
        place(self.out)


def pretrain(order: Order, hook: Any, say: Say = lambda words: None) -> Entry:
    """Train and save. After each epoch what there is is saved, so that nothing is lost when training is broken off.

    :param hook: pluggy relay with ``read_dataset(uri=, options=)``.
    :param say: told a line an epoch.
    :raises InputError: the data or the order are unusable.
    """
    order.check()
    folder = place(order.out)
    rows = read_rows(order.data, order.recipe, order.read, order.seed, hook)
    spec = order.recipe.spec(rows.train, order.size, order.width)
    say(f"{rows.train.name}: {len(rows.train)} rows to train on, {len(rows.held)} held out")
    card = first_card(order, rows, folder.name)
    session = _Session(order, spec, rows, folder, card, say)
    network, epochs, seconds = session.run(prepared(spec, rows.train))
    done = {**card, "epochs": epochs, "seconds": round(seconds)}
    save_entry(folder, done, network)
    say("measuring on the rows held out")
    save_entry(folder, {**done, "measured": measured(load_entry(folder), rows, order.seed)}, network)
    return load_entry(folder)


@final
@dataclass(frozen=True, eq=False)
class _Session:
    """One training."""

    order: Order
    spec: Spec
    rows: TrainingRows
    folder: Path
    card: dict[str, Any]
    say: Say

    def run(self, prepared_rows: Array) -> tuple[PretrainedNetwork, float, float]:
        """The network, the epochs that were made, and the seconds that they took."""
        import torch

        from autotransfer.nets.training import Turn, train

        order, clock = self.order, Clock(self.order.seconds)
        plan = replace(order.recipe.plan, epochs=order.epochs, seconds=order.seconds)
        with reproducible(order.seed, order.device):
            objective = order.recipe.objective(self.spec.build(), self.spec, len(self.rows.classes))
            objective = objective.to(order.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            losses = _Losses(objective, self._after_epoch(objective, plan, clock))
            sets = [(torch.from_numpy(prepared_rows).to(order.device), self._labels().to(order.device))]
            ctx = Context(order.seed, order.device)
            train(objective, [Turn(losses.loss, groups(objective))], sets, plan, ctx, losses.epoch_ended)
        return (
            network_of(objective, self.spec),
            losses.steps / plan.steps_per_epoch(len(prepared_rows)),
            clock.elapsed(),
        )

    def _labels(self) -> Tensor:
        import torch

        return torch.from_numpy(np.asarray(self.rows.train.labels, np.int64))

    def _after_epoch(self, objective: nn.Module, plan: Plan, clock: Clock) -> Callable[[int, float], None]:
        def save(epoch: int, loss: float) -> None:
            self.say(f"epoch {epoch} of {plan.epochs}: loss {loss:.3f}, {clock.elapsed():.0f} s")
            unfinished = {**self.card, "epochs": epoch, "seconds": round(clock.elapsed()), "unfinished": True}
            save_entry(self.folder, unfinished, network_of(objective, self.spec))

        return save


@final
class _Losses:
    """Counts steps, and means of the loss over epochs."""

    def __init__(self, objective: nn.Module, tell: Callable[[int, float], None]) -> None:
        self._objective, self._tell = objective, tell
        self._sum: Tensor | float = 0.0
        self._count, self._epoch = 0, 0
        self.steps = 0

    def loss(self, batch: Batch) -> Tensor:
        """Of a batch of prepared rows and labels."""
        rows, labels = batch.parts[0]
        found: Tensor = self._objective(rows, labels, batch.progress)
        self._sum, self._count, self.steps = self._sum + found.detach(), self._count + 1, self.steps + 1
        return found

    def epoch_ended(self) -> float:
        """The epoch's number as its score: the last weights are kept, since nothing was chosen on the rows held out."""
        self._epoch += 1
        self._tell(self._epoch, float(self._sum) / max(1, self._count))
        self._sum, self._count = 0.0, 0
        return float(self._epoch)


def groups(module: nn.Module) -> list[Any]:
    """Matrices and kernels with weight decay; biases and what scales and shifts normalised values without; what stays
    as it is, like a teacher, in neither."""
    from autotransfer.nets.plan import Group

    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    return [
        Group([parameter for parameter in parameters if parameter.ndim > 1]),
        Group([parameter for parameter in parameters if parameter.ndim <= 1], decay=0.0),
    ]


def network_of(objective: nn.Module, spec: Spec) -> PretrainedNetwork:
    """The backbone, and the head where the objective has one, as data."""
    kept = {}
    for name, tensor in objective.state_dict().items():
        part, _, inner = name.partition(".")
        if part in ("backbone", "head"):
            kept[inner if part == "backbone" else name] = np.array(tensor.detach().cpu().numpy())
    return PretrainedNetwork(spec, kept)
