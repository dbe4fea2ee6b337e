"""Texts as mean token vectors of a transformer of Hugging Face."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np

from autotransfer._compat import ensure_torchvision
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.footprint import Size
from autotransfer.pretrained.network import features
from autotransfer.state import State
from autotransfer.trainable import Blocks, Trainable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.pretrained.modules.pooled import MeanPooled

LIBRARY = "transformers"
LONGEST = 256
"""Word pieces after which a text is cut."""
_UNNAMED = "the encoder hf has no model; name one as a source: hf:FOLDER or hf:MODEL"


@final
@dataclass(frozen=True)
class FittedHf(FittedEncoder):
    """The model's folder or name; its weights are loaded at the first use and shared."""

    model: str

    def transform(self, data: Dataset) -> Array:
        network, _ = load(self.model)
        return features(network, partial(token_rows, self.model), data, network.width)

    def learned(self) -> Size:
        """Of the network, whose weights the state does not hold."""
        parameters = list(load(self.model)[0].parameters())
        return Size(sum(p.numel() for p in parameters), sum(p.numel() * p.element_size() for p in parameters))

    def state(self) -> State:
        return {"model": self.model}


@final
@dataclass(frozen=True)
class HfEncoder(Encoder, Trainable):
    """Devlin, Chang, Lee and Toutanova, "BERT", NAACL 2019 (arXiv:1810.04805), and transformers like it: the mean of
    the last layer's vectors over the tokens of a text, as in Reimers and Gurevych, "Sentence-BERT", EMNLP 2019
    (arXiv:1908.10084); texts are cut after 256 word pieces.

    :param model: a folder that transformers has written, with its weights as safetensors, or the name of a model that
        it can fetch; empty: none, and every row is refused.
    """

    name: ClassVar[str] = "hf"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Devlin et al., NAACL 2019; Reimers & Gurevych, EMNLP 2019"
    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    model: str = ""
    digest: str = ""

    def fit(self, data: Dataset) -> FittedEncoder:
        if not self.model:
            raise InputError(_UNNAMED)
        return FittedHf(self.model)

    def restore(self, state: State) -> FittedEncoder:
        # the state's own name is not loaded: a saved model must not choose what is fetched
        return self.fit(Dataset("", self.modality, np.empty(0, object)))

    def refuses(self, data: Dataset) -> str | None:
        return super().refuses(data) or (None if self.model else _UNNAMED)

    def build(self) -> nn.Module:
        return built(self.model)[0]

    def prepare(self, data: Dataset) -> Tensor:
        import torch

        return torch.from_numpy(token_rows(self.model, data))

    def blocks(self, module: nn.Module) -> Blocks:
        pooled: Any = module
        found: Blocks = pooled.blocks()
        return found

    def head(self) -> tuple[Array, Array] | None:
        return None


def require_library(who: str) -> None:
    """Raise ``MissingDependencyError`` when transformers is not installed."""
    if importlib.util.find_spec(LIBRARY) is None:
        raise MissingDependencyError(who, LIBRARY, "hf")


def token_rows(model: str, data: Dataset) -> Array:
    """int64 of shape (n, length), 0 after the end of a text; real tokens are counted from 1."""
    _, tokenizer = load(model)
    texts: Sequence[str] = [text if isinstance(text, str) else "" for text in np.asarray(data.inputs, dtype=object)]
    rows = tokenizer(list(texts), truncation=True, max_length=LONGEST)["input_ids"] if texts else []
    found = np.zeros((len(rows), max((len(row) for row in rows), default=0) or 1), np.int64)
    for place, row in zip(found, rows, strict=True):
        place[: len(row)] = np.asarray(row) + 1
    return found


@lru_cache(maxsize=2)
def load(model: str) -> tuple[MeanPooled, Any]:
    """The shared network, not to be changed, and the tokeniser."""
    return built(model)


def built(model: str) -> tuple[MeanPooled, Any]:
    """A network of one's own, in evaluation mode, and the tokeniser. Raises ``InputError`` when there is none."""
    require_library(f"the encoder hf:{model}")
    ensure_torchvision()
    import transformers

    from autotransfer.pretrained.modules.pooled import MeanPooled

    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(model, trust_remote_code=False)
        network = transformers.AutoModel.from_pretrained(model, use_safetensors=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"hf:{model}: no usable model ({reason}); name a folder with safetensors weights") from error
    return MeanPooled(network.float()).eval(), tokenizer
