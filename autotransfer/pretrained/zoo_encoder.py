"""Features of a network of the zoo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Self, cast, final

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError
from autotransfer.pretrained.entry import Entry, load_entry, locate
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.state import State
from autotransfer.trainable import Blocks, Trainable

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.pretrained.modules.backbone import Backbone


@final
@dataclass(frozen=True, eq=False)
class FittedZoo(FittedEncoder):
    """The network. Its state holds the weights, so that a saved run needs the zoo no more."""

    network: PretrainedNetwork

    def transform(self, data: Dataset) -> Array:
        return self.network.features(data)

    def state(self) -> State:
        return self.network.state()

    @classmethod
    def restored(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(PretrainedNetwork.restore(state))


@dataclass(frozen=True)
class ZooEncoder(Encoder, Trainable):
    """What the encoders of both modalities share.

    :param entry: name or folder of an entry of the zoo; empty: none, and every row is refused.
    :param digest: SHA-256 of its weights (hex), so that features of other weights are never taken for these.
    """

    learns: ClassVar[bool] = False
    pretrained: ClassVar[bool] = True

    entry: str = ""
    digest: str = ""

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedZoo(self._network())

    def restore(self, state: State) -> FittedEncoder:
        return FittedZoo.restored(state)

    def refuses(self, data: Dataset) -> str | None:
        unnamed = None if self.entry else f"the encoder {self.name} has no model; name one as a source: zoo:NAME"
        return super().refuses(data) or unnamed

    def build(self) -> nn.Module:
        return self._network().build()

    def prepare(self, data: Dataset) -> Tensor:
        import torch

        return torch.from_numpy(self._network().spec.rows(data))

    def blocks(self, module: nn.Module) -> Blocks:
        return cast("Backbone", module).blocks()

    def head(self) -> tuple[Array, Array] | None:
        return self._network().head()

    def _network(self) -> PretrainedNetwork:
        if not self.entry:
            raise InputError(f"the encoder {self.name} has no model; name one as a source: zoo:NAME")
        return opened(self.entry, self.digest).network


@final
@dataclass(frozen=True)
class ZooImages(ZooEncoder):
    """Images as features of a small network that ``autotransfer pretrain`` has trained; as frozen features in
    Kornblith, Shlens and Le, "Do better ImageNet models transfer better?", CVPR 2019 (arXiv:1805.08974)."""

    name: ClassVar[str] = "zoo"
    modality: ClassVar[Modality] = Modality.IMAGE
    reference: ClassVar[str] = "Kornblith, Shlens & Le, CVPR 2019"


@final
@dataclass(frozen=True)
class ZooTexts(ZooEncoder):
    """Texts as mean token vectors of a small transformer that ``autotransfer pretrain`` has trained, as in Reimers and
    Gurevych, "Sentence-BERT", EMNLP 2019 (arXiv:1908.10084), without their second training on pairs."""

    name: ClassVar[str] = "zoo_text"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Devlin et al., NAACL 2019; Reimers & Gurevych, EMNLP 2019"


@lru_cache(maxsize=4)
def opened(entry: str, digest: str) -> Entry:
    """The entry with these weights. Raises ``InputError`` when they are others by now."""
    found = load_entry(locate(entry))
    if digest and digest != found.digest:
        raise InputError(f"zoo:{entry}: the model has changed since it was opened; start again")
    return found
