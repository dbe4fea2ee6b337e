"""Images as features of a model of timm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError
from autotransfer.pretrained import timm_model
from autotransfer.pretrained.network import features
from autotransfer.pretrained.weights import load_weights
from autotransfer.state import State
from autotransfer.trainable import Blocks, Trainable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.pretrained.modules.scaled import Scaled


_UNNAMED = "the encoder timm has no model; name one as a source: timm:MODEL or timm:MODEL@FILE.safetensors"


@final
@dataclass(frozen=True, eq=False)
class FittedTimm(FittedEncoder):
    """The model's name and weights. Its state holds them, so that a saved run needs neither file nor network."""

    model: str
    weights: dict[str, Tensor]

    def transform(self, data: Dataset) -> Array:
        return features(self._module, partial(timm_model.images, self.model), data, features_width(self._module))

    def state(self) -> State:
        return {"model": self.model, "weights": {name: _plain(tensor) for name, tensor in self.weights.items()}}

    @classmethod
    def restored(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Nothing is fetched: the name must be that of an installed architecture."""
        import torch

        model = str(state["model"])
        if not timm_model.known(model):
            raise InputError(f"the saved model {model!r} is not in the installed timm; install another version of timm")
        return cls(model, {str(name): torch.from_numpy(np.array(a)) for name, a in state["weights"].items()})

    @cached_property
    def _module(self) -> Scaled:
        return module_of(self.model, self.weights)


@final
@dataclass(frozen=True)
class TimmEncoder(Encoder, Trainable):
    """Kornblith, Shlens and Le, "Do better ImageNet models transfer better?", CVPR 2019 (arXiv:1805.08974): what a
    network gives before its classifier; networks and preprocessing of timm (Wightman, 2019,
    https://github.com/huggingface/pytorch-image-models).

    :param model: ``MODEL`` or ``MODEL.TAG``; empty: none, and every row is refused.
    :param weights: path of a safetensors file. :param digest: its SHA-256 (hex).
    """

    name: ClassVar[str] = "timm"
    modality: ClassVar[Modality] = Modality.IMAGE
    reference: ClassVar[str] = "Kornblith, Shlens & Le, CVPR 2019; Wightman, timm, 2019"
    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    model: str = ""
    weights: str = ""
    digest: str = ""

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedTimm(self.model, self._loaded())

    def restore(self, state: State) -> FittedEncoder:
        return FittedTimm.restored(state)

    def refuses(self, data: Dataset) -> str | None:
        return super().refuses(data) or (None if self.model else _UNNAMED)

    def build(self) -> nn.Module:
        return module_of(self.model, self._loaded())

    def prepare(self, data: Dataset) -> Tensor:
        import torch

        return torch.from_numpy(timm_model.images(self.model, data))

    def blocks(self, module: nn.Module) -> Blocks:
        network: nn.Module = module.network  # type: ignore[assignment]
        return tuple(tuple(f"network.{name}" for name in layer) for layer in timm_model.layers(network))

    def head(self) -> tuple[Array, Array] | None:
        return timm_model.head(timm_model.build(self.model, self._loaded()))

    def _loaded(self) -> dict[str, Tensor]:
        if not self.model:
            raise InputError(_UNNAMED)
        return load_weights(Path(self.weights), self.digest)


def module_of(model: str, weights: dict[str, Tensor]) -> Scaled:
    """The network without its classifier, behind its own scaling of pixels; in evaluation mode."""
    from autotransfer.pretrained.modules.scaled import Scaled

    network = timm_model.build(model, weights)
    network.reset_classifier(0)  # type: ignore[operator]
    return Scaled(network, *timm_model.scaling(model)).eval()


def features_width(module: Scaled) -> int:
    """Columns of the features."""
    network: Any = module.network
    return int(getattr(network, "head_hidden_size", None) or network.num_features)


def _plain(tensor: Tensor) -> Array:
    """NumPy has no bfloat16; single precision holds all of its values."""
    import torch

    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
