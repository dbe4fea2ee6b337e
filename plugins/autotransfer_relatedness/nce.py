"""How much is left unknown of the target's labels once the source model's guess is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.leep import source_predictions


@final
@dataclass(frozen=True)
class NegativeConditionalEntropy(RelatednessEstimator):
    """NCE: Tran, Nguyen and Hassner, ICCV 2019 (arXiv:1908.08142): -H(Y | Z) = sum_{y,z} P(y, z) log P(y | z).

    Y are the target's labels, Z the source model's most probable classes for the same rows, P their shares. H(Z | Y),
    with the arguments exchanged, is another number.

    :param cap: labelled target rows taken, at most.
    """

    cap: int = 1000

    name: ClassVar[str] = "nce"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_HEAD
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "nats, up to 0"
    cost: ClassVar[str] = "O(n) and predicting n rows"
    seconds: ClassVar[float] = 5.0  # of a network that sees a thousand rows
    meaning: ClassVar[str] = "0: the source model's class gives away the label; very negative: it leaves it open."
    reference: ClassVar[str] = "Tran et al., ICCV 2019, arXiv:1908.08142"
    regression: ClassVar[bool] = False

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """NCE; NaN without labelled rows."""
        theta, y = source_predictions(task, source, ctx, self.cap)
        if len(y) == 0:
            return float("nan")
        joint = np.zeros((y.max() + 1, theta.shape[1]))
        np.add.at(joint, (y, theta.argmax(axis=1)), 1.0 / len(y))
        conditional = joint / np.maximum(joint.sum(axis=0), np.finfo(float).tiny)
        there = joint > 0
        return float(np.sum(joint[there] * np.log(conditional[there])))
