"""An entry of the zoo: a folder with weights (``model.safetensors``) and a model card (``card.json``)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from autotransfer.config import to_json
from autotransfer.errors import InputError
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.readers.files import near_names
from autotransfer.readers.user_cache import user_cache
from autotransfer.state import write_atomically

FORMAT = 1
CARD, WEIGHTS = "card.json", "model.safetensors"
SHIPPED = Path(__file__).parent / "zoo"
"""What comes with the package."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@final
@dataclass(frozen=True, eq=False)
class Entry:
    """:param card: what the model is, how it was made and how good it was measured to be; JSON values.
    :param digest: SHA-256 of the weights' file (hex)."""

    name: str
    card: dict[str, Any]
    network: PretrainedNetwork
    digest: str

    @property
    def classes(self) -> tuple[str, ...] | None:
        """What its classifier was trained to tell apart."""
        classes = self.card.get("classes")
        return None if classes is None or self.network.head() is None else tuple(str(name) for name in classes)


def own_folder() -> Path:
    """Where the entries are that the user has trained."""
    return user_cache() / "zoo"


def names() -> dict[str, Path]:
    """All entries and their folders; the shipped ones come first and keep their names."""
    found: dict[str, Path] = {}
    for folder in (SHIPPED, own_folder()):
        for card in sorted(folder.glob(f"*/{CARD}")):
            found.setdefault(card.parent.name, card.parent)
    return found


def locate(name: str) -> Path:
    """The folder of an entry, given by its name or as a folder. Raises ``InputError``."""
    if is_path(name):
        folder = Path(name).expanduser()
        if not (folder / CARD).is_file():
            raise InputError(f"zoo:{name}: the folder has no {CARD}; name one that autotransfer pretrain has written")
        return folder
    known = names()
    if name not in known:
        hint = near_names(name, list(known)) if known else "it is empty; autotransfer pretrain adds to it"
        raise InputError(f"zoo:{name}: the zoo has no such model; {hint}")
    return known[name]


def place(name: str) -> Path:
    """Where a new entry goes: a folder, or a name in the user's part of the zoo. Raises ``InputError``."""
    if is_path(name):
        return Path(name).expanduser()
    if not _NAME.fullmatch(name):
        raise InputError(f"--out {name}: a name is small letters, digits, - and _; a folder has a / in it")
    if (SHIPPED / name / CARD).is_file():
        raise InputError(f"--out {name}: a model of that name ships with autotransfer; choose another name")
    return own_folder() / name


def is_path(name: str) -> bool:
    """Whether a folder is meant, not a name."""
    return "/" in name or "\\" in name or name.startswith((".", "~"))


def save_entry(folder: Path, card: dict[str, Any], network: PretrainedNetwork) -> None:
    """Write both files, floating point numbers in half precision; each appears whole or not at all, the card last."""
    from safetensors.numpy import save

    content = save({name: _half(array) for name, array in network.arrays.items()})
    spec = {"kind": network.spec.kind, **to_json(network.spec)}
    sizes = {"parameters": network.parameters, "bytes": len(content)}
    whole = {"format": FORMAT, **card, "network": spec, **sizes, "digest": hashlib.sha256(content).hexdigest()}
    write_atomically(folder / WEIGHTS, content)
    write_atomically(folder / CARD, (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode())


def load_entry(folder: Path) -> Entry:
    """Read what :func:`save_entry` wrote. Raises ``InputError`` when it is missing, damaged or of another format."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        card = json.loads((folder / CARD).read_bytes())
        content = (folder / WEIGHTS).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if card["format"] != FORMAT:
            raise InputError(f"{folder}: format {card['format']!r} is not {FORMAT}; make it again with this version")
        if card["digest"] != digest:
            raise ValueError("the weights are not those of the card")
        network = PretrainedNetwork.restore({"spec": card["network"], "arrays": load(content)})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, SafetensorError) as error:
        raise InputError(f"{folder}: no readable model of the zoo ({error}); make or get it again") from error
    return Entry(folder.name, card, network, digest)


def _half(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, np.float16) if array.dtype.kind == "f" else np.asarray(array, order="C")
