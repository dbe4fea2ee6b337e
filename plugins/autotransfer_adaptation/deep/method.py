"""What all deep methods of this family share: the network, how it is trained, and how target labels enter."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Method, Suggest
from autotransfer.nets import Annealed, NetworkPredictor, Plan
from autotransfer.nets.rows import DeepRows, gather
from autotransfer.nets.trainee import Trainee, begin
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.statistics import take_statistics

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Outputs
    from autotransfer.nets.training import Judge


@final
@dataclass(frozen=True, eq=False)
class Views:
    """One batch of both domains, seen through the network.

    :param source: representations and scores of source rows, ``source_y`` their labels. :param target: of target rows.
    :param progress: share of the training that is done.
    """

    source: Outputs
    target: Outputs
    source_y: Tensor
    progress: float


Penalty: TypeAlias = "Callable[[Views], Tensor]"
"""What is added to the loss of the labelled rows: a scalar."""


@dataclass(frozen=True)
class DeepMethod(Method):
    """A method with a network: feature rows of any encoder go through two fully connected layers, raw images through a
    small convolutional network at 28 × 28 pixels. Both have batch normalisation and end in a representation.

    :param width: columns of the representation.
    :param epochs: passes over the larger domain, at most 1000 steps of 64 rows a domain.
    :param rate: Adam's learning rate at the start; it is annealed as in Ganin et al., JMLR 2016.
    :param target_weight: weight of the loss of labelled target rows, relative to the source's.
    """

    width: int = 128
    epochs: int = 20
    rate: float = 1e-3
    target_weight: float = 1.0

    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_UNLABELED
    uses: ClassVar[Asset] = Asset.TARGET_LABELS
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES, Modality.IMAGE})
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[NetworkPredictor]] = NetworkPredictor

    def plan(self) -> Plan:
        """How the network is trained."""
        return Plan(self.epochs, rate=self.rate, schedule=Annealed())

    def enlist(self, task: Task, source: Source | None, ctx: Context, heads: int = 1, hidden: int = 0) -> Trainee:
        """A new network for the rows of a problem. Call it inside of ``seeding.reproducible``."""
        rows = gather(task, source, ctx.device)
        return begin(rows, rows.spec(self.width, heads, hidden), ctx)


@dataclass(frozen=True)
class PenalisedMethod(DeepMethod):
    """A deep method that adds one term to the loss: ``loss(source) + target_weight * loss(labelled target) + penalty``.

    Each domain passes through the network by itself, normalised by its own batch statistics, as in the published codes
    of JAN, CDAN and MCD. So the trained network has the statistics of all target rows, for source rows the source's.
    """

    @abstractmethod
    def penalty(self, trainee: Trainee) -> Penalty:
        """The term, ready to be called with each batch."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train on both domains; with validation rows the best epoch's weights are kept."""
        from autotransfer.nets.plan import Group
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import Turn, train

        with reproducible(ctx.seed, ctx.device):
            trainee = self.enlist(task, source, ctx)
            rows, penalty = trainee.rows, self.penalty(trainee)

            def loss(batch: Batch) -> Tensor:
                views, labeled = look(trainee, batch)
                return self.labeled_loss(rows, views, labeled) + penalty(views)

            turn = Turn(loss, [Group(list(trainee.modules.parameters()))])
            train(trainee.modules, [turn], rows.sets(), self.plan(), ctx, target_judge(trainee))
            found = with_target_statistics(trainee)
            self.inspect(trainee)
            return found

    def labeled_loss(self, rows: DeepRows, views: Views, labeled: tuple[Outputs, Tensor] | None) -> Tensor:
        """The loss of source rows and of labelled target rows."""
        total = rows.loss(views.source.scores, views.source_y)
        if labeled is not None:
            total = total + self.target_weight * rows.loss(labeled[0].scores, labeled[1])
        return total

    def inspect(self, trainee: Trainee) -> None:
        """Look at the trained network, under the target's statistics. Raises ``TrainingError`` when it is of no use."""


def look(trainee: Trainee, batch: Batch) -> tuple[Views, tuple[Outputs, Tensor] | None]:
    """A batch of :meth:`DeepRows.sets`, each domain by itself; labelled target rows, if there are any, pass with the
    others of the target and come with their labels."""
    import torch

    source = trainee.network(batch.parts[0][0])
    parts = [part[0] for part in batch.parts[1:]]
    target, *labeled = trainee.network(torch.cat(parts)).split([len(part) for part in parts])
    views = Views(source, target, batch.parts[0][1], batch.progress)
    return views, (labeled[0], batch.parts[2][1]) if labeled else None


def target_judge(trainee: Trainee) -> Judge | None:
    """The score on validation rows under the target's statistics; None where there are no such rows."""
    score = trainee.rows.judge(trainee.network)
    if score is None:
        return None

    def judge() -> float:
        take_statistics(trainee.network, trainee.rows.T, prior_rows=0.0)
        return score()

    return judge


def with_target_statistics(trainee: Trainee) -> NetworkPredictor:
    """The trained network, its batch normalisations by all target rows, and by all source rows for source rows."""
    from autotransfer.nets.predictor import arrays_of

    rows, network = trainee.rows, trainee.network
    take_statistics(network, rows.S, prior_rows=0.0)
    source_arrays = arrays_of(network)
    take_statistics(network, rows.T, prior_rows=0.0)
    return trainee.predictor(source_arrays)


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`DeepMethod`."""
    return {
        "width": suggest.suggest_int("width", 32, 256, log=True),
        "epochs": suggest.suggest_int("epochs", 10, 40, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
        "target_weight": suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
    }
