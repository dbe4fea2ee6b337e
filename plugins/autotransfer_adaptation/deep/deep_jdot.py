"""DeepJDOT: source rows are paired with target rows that look alike and are classified alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class DeepJdot(PenalisedMethod):
    """Damodaran, Kellenberger, Flamary, Tuia and Courty, DeepJDOT: Deep Joint Distribution Optimal Transport for
    Unsupervised Domain Adaptation, ECCV 2018 (arXiv:1803.10081).

    In each batch an optimal transport plan is found for the cost alpha ||z_s - z_t||^2 + label_weight L(y_s, f(z_t))
    with the cross-entropy L; the transported cost is added to the loss. Batches of both domains are equally large and
    their rows weigh the same, so the plan is an assignment (Birkhoff), which SciPy solves exactly.

    Batches are drawn at random; the authors' have 500 rows and as many of each class of the source.

    :param alpha: of the distances of representations, > 0. :param label_weight: of the loss of the source's labels on
        target rows, > 0. Both defaults are those of the authors' code for digits.
    """

    alpha: float = 1e-3
    label_weight: float = 1e-4

    name: ClassVar[str] = "deep_jdot"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Damodaran et al., ECCV 2018, arXiv:1803.10081"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The transported cost."""

        def transported(views: Views) -> Tensor:
            n = min(len(views.source.z), len(views.target.z))
            z, y = (views.source.z[:n], views.target.z[:n]), views.source_y[:n]
            cost = joint_cost(z, y, views.target.scores[:n], self.alpha, self.label_weight)
            return optimal_assignment_cost(cost)

        return transported

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            alpha=suggest.suggest_float("alpha", 1e-4, 1.0, log=True),
            label_weight=suggest.suggest_float("label_weight", 1e-5, 10.0, log=True),
        )


def joint_cost(z: tuple[Tensor, Tensor], y: Tensor, scores: Tensor, alpha: float, label_weight: float) -> Tensor:
    """Cost of pairing source row i with target row j, (n, n): ``alpha ||z_i - z_j||^2 + label_weight CE(y_i, j)``.

    :param z: representations of source and target, (n, d) each. :param y: (n,) source classes.
    :param scores: (n, classes) of the target rows.
    """
    squares = [part.square().sum(dim=1) for part in z]
    distances = (squares[0][:, None] + squares[1][None, :] - 2 * z[0] @ z[1].T).clamp(min=0.0)
    losses = -scores.log_softmax(dim=1)[:, y].T
    return alpha * distances + label_weight * losses


def optimal_assignment_cost(cost: Tensor) -> Tensor:
    """The mean cost (n, n) of the cheapest pairing, which is the optimal transport cost of n rows of weight 1 / n each.
    The gradient is that of the pairs: the plan is held fixed."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost.detach().cpu().numpy())
    return cost[rows, columns].mean()
