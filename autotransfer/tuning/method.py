"""Fine-tuning with everything that a method may do otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Method, Suggest
from autotransfer.nets import Cosine, Plan
from autotransfer.nets.clock import Clock
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer.trainable import Trainable
from autotransfer.tuning.change import Change
from autotransfer.tuning.predictor import TunedPredictor, kept
from autotransfer.tuning.rows import gather
from autotransfer.tuning.tuning import Tuning, start

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Loss

TIME_SHARE = 1 / 6
"""Of the seconds that are left, for one fit: a trial fits on five folds, one after the other."""
_LEAST = 0.1
"""Of a fit's seconds, for the training, however long it took to prepare the rows."""
AUGMENTATIONS = ("none", "crop")


@dataclass(frozen=True)
class TunedMethod(Method):
    """A pretrained network, a new linear head, and both trained on the labelled target rows. With validation rows, or
    from 500 labelled rows on, the best epoch's weights are kept.

    :param epochs: passes over the rows, at most 300 steps of 32 rows and a sixth of the seconds that are left.
    :param rate: Adam's largest learning rate, of the backbone; the head's is ten times that.
    :param decay: weight decay of matrices and kernels.
    :param augment: ``crop``: each time an image is seen, a random part of at least half of it, mirrored every other
        time; ``none``: as it is. Texts always are.
    :param precision: ``float32``, ``bfloat16`` or ``float16``. :param accumulate: pieces of a batch.
    :param recompute: less memory for more time; these three as in :class:`~autotransfer.nets.plan.Plan`.
    """

    epochs: int = 20
    rate: float = 1e-3
    decay: float = 1e-2
    augment: str = "crop"
    precision: str = "float32"
    accumulate: int = 1
    recompute: bool = False

    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TRAINABLE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE, Modality.TEXT})
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[Predictor]] = TunedPredictor

    head_rate: ClassVar[float] = 10.0
    """The head's learning rate, as a multiple of the backbone's."""

    def plan(self) -> Plan:
        """How the network is trained."""
        return Plan(
            self.epochs,
            batch=32,
            rate=self.rate,
            schedule=Cosine(),
            decay=self.decay,
            clip=1.0,
            accumulate=self.accumulate,
            patience=5,
            most_steps=300,
            precision=self.precision,
            recompute=self.recompute,
        )

    def change(self) -> Change | None:
        """What is put into the network before anything else; what it does not name is frozen."""
        return None

    def start(self, tuning: Tuning) -> None:
        """Called before training: freeze parts, draw some anew, fit the head."""

    def groups(self, tuning: Tuning) -> Sequence[Group]:
        """Which parameters move, how fast, and from when on."""
        from autotransfer.tuning.groups import grouped

        return grouped(tuning, self.head_rate)

    def loss(self, tuning: Tuning) -> Loss:
        """The loss of a batch whose only part is rows and labels; called once, before training."""

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            return tuning.rows.loss(tuning.network(self.augmented(tuning, X)).scores, y)

        return loss

    def augmented(self, tuning: Tuning, X: Tensor) -> Tensor:
        """A batch as it is trained on."""
        if self.augment == "none" or not tuning.rows.images:
            return X
        from autotransfer.nets.augment import crops

        return crops(X, int(X.shape[-1]), 0.5)

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Train; see the class."""
        from autotransfer.nets.seeding import reproducible

        encoder: object = None if source is None else source.encoder
        if not isinstance(encoder, Trainable):
            raise TypeError("this method needs a source with a network that can be trained further")
        clock = Clock(TIME_SHARE * ctx.seconds_left())
        with reproducible(ctx.seed, ctx.device):
            rows = gather(task, encoder, ctx)
            ctx.check_time()
            tuning = start(encoder, rows, self.change(), ctx)
            self.start(tuning)
            plan = self.plan()
            self.train(tuning, replace(plan, seconds=min(plan.seconds, _for_training(clock))))
            return kept(tuning)

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        """One training of everything that moves.

        :param moved: told of each update, with its progress.
        """
        from autotransfer.nets.training import Turn, train

        ctx, rows = tuning.ctx, tuning.rows
        turn = Turn(self.loss(tuning), self.groups(tuning), moved=moved)
        train(tuning.network, [turn], [(rows.X, rows.y)], plan, ctx, rows.judge(tuning.network))


def _for_training(clock: Clock) -> float:
    """Seconds of a fit that is prepared. What preparing took is taken once more for afterwards, when the model is built
    again and other rows are prepared and predicted: on a slow machine five folds would else not end in time."""
    return max(_LEAST * clock.seconds, clock.seconds - 2 * clock.elapsed())


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`TunedMethod` that are worth a search."""
    return {
        "epochs": suggest.suggest_int("epochs", 5, 40, log=True),
        "rate": suggest.suggest_float("rate", 3e-5, 3e-3, log=True),
        "decay": suggest.suggest_float("decay", 1e-4, 1e-1, log=True),
        "augment": suggest.suggest_categorical("augment", AUGMENTATIONS),
    }
