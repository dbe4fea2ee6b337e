"""SJE: the most violating class alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer_zeroshot.ranked import Ranked


@final
@dataclass(frozen=True)
class Sje(Ranked):
    """Akata, Reed, Walter, Lee and Schiele, "Evaluation of output embeddings for fine-grained image classification",
    CVPR 2015 (arXiv:1409.8403): the structured hinge loss, which is the largest margin violation of a row.

    :param epochs: passes over the rows. :param rate: step. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    name: ClassVar[str] = "sje"
    reference: ClassVar[str] = "Akata, Reed, Walter, Lee and Schiele, CVPR 2015, arXiv:1409.8403"

    @staticmethod
    def weights(violations: Array) -> Array:
        """1 for the largest violation of a row, if there is one above 0."""
        found = np.zeros_like(violations)
        each, worst = np.arange(len(violations)), violations.argmax(axis=1)
        found[each, worst] = violations[each, worst] > 0
        return found
