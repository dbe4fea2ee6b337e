"""Training without labels: words from their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

import numpy as np

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.nets import Cosine, Plan
from autotransfer.pretrained.specs import Spec, TextSpec
from autotransfer.pretrained.wordpieces import learn_pieces
from autotransfer.pretraining.recipe import Recipe

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.pretrained.modules.backbone import Backbone


@final
@dataclass(frozen=True)
class MaskedTokens(Recipe):
    """Masked language model: Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of deep bidirectional transformers",
    NAACL 2019 (arXiv:1810.04805): 15 % of the tokens are to be told from the others; 80 % of these are masked, 10 %
    exchanged for random ones, 10 % left. On word pieces of the texts themselves, without the task of the next sentence
    (Liu et al., RoBERTa, arXiv:1907.11692); the output layer shares the embedding.

    :param share: of the tokens. :param vocabulary: most word pieces.
    """

    name: ClassVar[str] = "mlm"
    reference: ClassVar[str] = "Devlin et al., NAACL 2019, arXiv:1810.04805"
    modality: ClassVar[Modality] = Modality.TEXT
    plan: ClassVar[Plan] = Plan(
        batch=64, rate=1e-3, schedule=Cosine(0.1), optimiser="adam", decay=0.01, clip=1.0, most_steps=10**9
    )

    share: float = 0.15
    vocabulary: int = 8000

    def spec(self, data: Dataset, size: int | None, width: int | None) -> Spec:
        texts = [text for text in np.asarray(data.inputs, dtype=object) if isinstance(text, str)]
        pieces = learn_pieces(texts, self.vocabulary)
        if not pieces:
            raise InputError(f"{data.name}: its texts hold no word; give others")
        return TextSpec(pieces, 128 if size is None else size, 128 if width is None else width)

    def objective(self, backbone: Backbone, spec: Spec, n_classes: int) -> nn.Module:
        from autotransfer.pretrained.modules.text import TextTransformer
        from autotransfer.pretraining.objectives.masked_tokens import Cloze

        if not isinstance(spec, TextSpec) or not isinstance(backbone, TextTransformer):
            raise InputError(f"the recipe mlm trains a network for texts, not a {spec.kind}")
        return Cloze(backbone, spec, self)
