"""What all methods of this family share that learn a network from episodes of the source's classes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Suggest, TwoStageMethod
from autotransfer.nets import Cosine, ImageForm, NetworkPredictor, NetworkSpec, Plan
from autotransfer.task import Context, Source, Task
from autotransfer_fewshot.episodes import Episodes
from autotransfer_fewshot.lessons import AUGMENTATIONS, Lesson, Lessons, backbone_for, form_and_rows
from autotransfer_fewshot.sources import TIME_SHARE, why_refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Network

    EpisodeLoss: TypeAlias = Callable[[Network, Lesson], Tensor]


@dataclass(frozen=True)
class EpisodicMethod(TwoStageMethod[NetworkPredictor]):
    """A network trained on episodes of the source's classes: raw images go through four blocks of convolutions at 28 ×
    28 pixels, feature rows of any encoder through two fully connected layers. Images of several domains (say,
    alphabets) give episodes within one of them.

    :param passes: over the source's rows, each row counted once an episode that shows it; at most 4000 updates and a
        third of the seconds that are left.
    :param ways: classes of an episode, as far as there are so many. :param shots: support rows of each.
    :param queries: query rows of each. :param rate: Adam's largest learning rate.
    :param augment: of images, see :class:`~autotransfer_fewshot.lessons.Lessons`.
    :param turned: images turned by quarters are further classes, which is for drawings; see
        :class:`~autotransfer_fewshot.episodes.Episodes`.
    :param width: planes of each convolution, and twice that the units of each fully connected layer.
    """

    passes: int = 20
    ways: int = 10
    shots: int = 1
    queries: int = 5
    rate: float = 2e-3
    augment: str = AUGMENTATIONS[0]
    turned: bool = False
    width: int = 64

    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES, Modality.IMAGE})
    regression: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ("torch",)

    norm: ClassVar[str] = "batch"
    episodes_a_step: ClassVar[int] = 1

    @classmethod
    def refuses(cls, source: Source) -> str | None:
        """Sources with the target's classes, or with too few of their own."""
        return why_refused(source)

    @abstractmethod
    def episode_loss(self) -> EpisodeLoss:
        """The loss of one episode."""

    def outputs(self, task: Task) -> int:
        """Scores of the network's head; 0: it has none."""
        return 0

    def ways_for(self, task: Task) -> int:
        """Classes of an episode at most."""
        return self.ways

    def learn(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train on episodes, whatever the target's rows."""
        if source is None:
            raise TypeError("this method needs a source")
        from autotransfer.nets.predictor import arrays_of
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            ctx.check_time()
            turned = self.turned and source.rows.modality is Modality.IMAGE
            episodes = Episodes.of(source.rows, self.ways_for(task), self.shots, self.queries, turned=turned)
            form, X = form_and_rows(source.rows, ImageForm.size, ctx.device)
            outputs = self.outputs(task)
            spec = NetworkSpec(backbone_for(form, self.width, self.norm), max(1, outputs), heads=int(outputs > 0))
            network = spec.build().to(ctx.device)
            self._train(network, Lessons(form, X, episodes, self.augment, ctx.seed), ctx)
            return NetworkPredictor(form, spec, arrays_of(network))

    def _train(self, network: Network, lessons: Lessons, ctx: Context) -> None:
        """The training loop's rows are numbers of episodes."""
        import torch

        from autotransfer.nets.plan import Group
        from autotransfer.nets.training import Turn, train

        of_episode, count = self.episode_loss(), lessons.episodes.count(self.passes)

        def loss(batch: Batch) -> Tensor:
            numbers = batch.parts[0][0].tolist()
            return torch.stack([of_episode(network, lessons.of(number)) for number in numbers]).mean()

        seconds = TIME_SHARE * ctx.seconds_left()
        plan = Plan(1, self.episodes_a_step, self.rate, Cosine(0.0), most_steps=4000, seconds=seconds)
        train(network, [Turn(loss, [Group(list(network.parameters()))])], [(torch.arange(count),)], plan, ctx)


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`EpisodicMethod` that are worth a search."""
    return {
        "passes": suggest.suggest_int("passes", 5, 40, log=True),
        "ways": suggest.suggest_int("ways", 5, 20),
        "shots": suggest.suggest_int("shots", 1, 5),
        "rate": suggest.suggest_float("rate", 5e-4, 5e-3, log=True),
        "augment": suggest.suggest_categorical("augment", AUGMENTATIONS),
        "turned": suggest.suggest_categorical("turned", (False, True)),
    }
