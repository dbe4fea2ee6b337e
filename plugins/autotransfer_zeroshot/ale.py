"""ALE: rank by a weighted approximate loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer_zeroshot.ranked import Ranked


@final
@dataclass(frozen=True)
class Ale(Ranked):
    """Akata, Perronnin, Harchaoui and Schmid, "Label-embedding for image classification", TPAMI 2016
    (arXiv:1503.08677).

    A row's loss is β_r / r times the sum of its margin violations, r being their number and β_r = 1 + 1/2 + ... + 1/r
    (weighted approximate ranking). The paper estimates r by drawing classes until one violates the margin; here all
    seen classes are looked at, so that r is exact. As in the paper there is no other penalty than ending early.

    :param epochs: passes over the rows. :param rate: step. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    name: ClassVar[str] = "ale"
    reference: ClassVar[str] = "Akata, Perronnin, Harchaoui and Schmid, TPAMI 2016, arXiv:1503.08677"

    @staticmethod
    def weights(violations: Array) -> Array:
        """β_r / r for each violation above 0, r of them in a row."""
        above = violations > 0
        count = above.sum(axis=1)
        harmonic = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, violations.shape[1] + 1))])
        return np.asarray(above * (harmonic[count] / np.maximum(count, 1))[:, None])
