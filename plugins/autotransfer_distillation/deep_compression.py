"""A student without its least filters and weights, in eight bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.compression import Compression, compression_settings
from autotransfer_distillation.filter_pruning import without_filters
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.magnitude_pruning import prune


@final
@dataclass(frozen=True)
class DeepCompression(Compression):
    """Han, Mao and Dally, Deep Compression, ICLR 2016 (arXiv:1510.00149): what prunes and what quantises add up.

    First filters go (see ``filter_pruning``), then weights (``magnitude_pruning``), then what is left becomes int8
    (``int8_quantization``), where the paper has trained codebooks and Huffman's code.

    :param removed: share of each layer's filters, in [0, 1). :param sparsity: share of the weights that are left then.
    """

    removed: float = 0.3
    sparsity: float = 0.6

    name: ClassVar[str] = "deep_compression"
    reference: ClassVar[str] = "Han, Mao and Dally, ICLR 2016, arXiv:1510.00149"
    int8: ClassVar[bool] = True

    def compress(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """Both cuts, with training after each."""
        smaller = self.train_on(without_filters(pupil, self.removed), lesson)
        return prune(self, smaller, lesson, self.sparsity, rounds=1)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **compression_settings(suggest),
            removed=suggest.suggest_float("removed", 0.0, 0.7),
            sparsity=suggest.suggest_float("sparsity", 0.0, 0.9),
        )
