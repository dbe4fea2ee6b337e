"""Prompt tuning: learned tokens in front of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class PromptTuning(PeftMethod):
    """Lester, Al-Rfou and Constant, The Power of Scale for Parameter-Efficient Prompt Tuning, EMNLP 2021
    (arXiv:2104.08691): learned tokens in front of those of the text, on their way through all layers and left out
    behind the last, random at first. They come after positions were added, so that the text's stay.

    :param length: tokens, >= 1.
    """

    length: int = 8

    name: ClassVar[str] = "prompt_tuning"
    kind: ClassVar[str] = "prompt_tuning"
    reference: ClassVar[str] = "Lester et al., EMNLP 2021, arXiv:2104.08691"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.TEXT})
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.prompts import add_prompts

        add_prompts(network, self.length, deep=False)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), length=suggest.suggest_int("length", 1, 32, log=True))
