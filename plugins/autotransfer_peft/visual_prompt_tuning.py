"""Visual prompt tuning: learned tokens among the patches of an image."""

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
class VisualPromptTuning(PeftMethod):
    """Jia, Tang, Chen, Cardie, Belongie, Hariharan and Lim, Visual Prompt Tuning, ECCV 2022 (arXiv:2203.12119): learned
    tokens in front of the patches; deep: new ones for each layer in place of those of the layer before.

    :param length: tokens, >= 1. :param deep: new ones for each layer, the paper's better form.
    """

    length: int = 8
    deep: bool = True

    name: ClassVar[str] = "visual_prompt_tuning"
    kind: ClassVar[str] = "visual_prompt_tuning"
    reference: ClassVar[str] = "Jia et al., ECCV 2022, arXiv:2203.12119"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.prompts import add_prompts

        add_prompts(network, self.length, deep=self.deep)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        length = suggest.suggest_int("length", 1, 32, log=True)
        return cls(**common(suggest), length=length, deep=suggest.suggest_categorical("deep", (False, True)))
