"""A student in eight bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.compression import Compression, compression_settings
from autotransfer_distillation.lesson import Lesson


@final
@dataclass(frozen=True)
class Int8Quantization(Compression):
    """Krishnamoorthi, Quantizing Deep Convolutional Networks for Efficient Inference, arXiv:1806.08342: of the weights,
    after training.

    Weights are stored as int8 with a scale for each channel; biases and normalisations stay as they are. When the model
    predicts, they are float32 again: it takes a fourth of the bytes, and is as fast as before.
    """

    name: ClassVar[str] = "int8_quantization"
    reference: ClassVar[str] = "Krishnamoorthi, arXiv:1806.08342"
    int8: ClassVar[bool] = True

    def compress(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """Nothing is trained on."""
        return pupil

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but ``retrain``, which it does not use."""
        return cls(**compression_settings(suggest, retrained=False))
