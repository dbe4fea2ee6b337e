"""What the test-time methods share: the network trained on labelled rows, adjusted afterwards."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.method import DeepMethod
from autotransfer_adaptation.deep.source_network import train_on_labels


@dataclass(frozen=True)
class TestTimeMethod(DeepMethod):
    """A network trained like ``source_network``, then adjusted with target rows whose labels are not looked at."""

    __test__ = False  # pytest: no test class

    @abstractmethod
    def adjust(self, trainee: Trainee) -> None:
        """Change the trained network, which is in evaluation mode and stays in it."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train, adjust. Source rows go through the network as it was before."""
        from autotransfer.nets.predictor import arrays_of
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            trainee = self.enlist(task, source, ctx)
            train_on_labels(self, trainee)
            before = arrays_of(trainee.network)
            ctx.check_time()
            self.adjust(trainee)
            return trainee.rows.predictor(trainee.network, trainee.spec, source_arrays=before)
