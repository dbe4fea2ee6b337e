"""A network of the zoo as a source: ``zoo:NAME`` or ``zoo:FOLDER``."""

from __future__ import annotations

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.pretrained.entry import is_path, load_entry, locate, names
from autotransfer.pretrained.head import LinearHead
from autotransfer.pretrained.zoo_encoder import FittedZoo, ZooImages, ZooTexts
from autotransfer.task import Source

PREFIX = "zoo:"


def open_zoo_source(uri: str) -> Source | None:
    """The source that ``uri`` names, or None when it does not start with ``zoo:``.

    An encoder, and a head where the network was trained with labels. Raises ``InputError`` for an unknown name and for
    damaged files.
    """
    if not uri.startswith(PREFIX):
        return None
    name = uri.removeprefix(PREFIX)
    if not name:
        raise InputError(f"{uri}: no model named; there are {', '.join(names()) or 'none yet: autotransfer pretrain'}")
    folder = locate(name)
    entry = load_entry(folder)
    kind = ZooTexts if entry.network.spec.modality is Modality.TEXT else ZooImages
    encoder = kind(str(folder.resolve()) if is_path(name) else name, entry.digest)
    offers = Asset.PRETRAINED | Asset.TRAINABLE
    head = entry.network.head()
    if head is None or entry.classes is None:
        return Source(uri, offers, encoder=encoder)
    return Source(
        uri,
        offers | Asset.SOURCE_HEAD,
        classes=entry.classes,
        encoder=encoder,
        head=LinearHead(FittedZoo(entry.network), *head, encoder),
    )
