"""torchvision beside a CPU build of torch: its Linux wheels are CUDA builds whose C extension cannot load there, and
``import torchvision`` (so timm and transformers too) then dies while it registers fakes for operators that nobody
has declared. Declaring them first is enough: pytorch/vision issues 9085 and 9174.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

_log = logging.getLogger(__name__)
_OPERATORS = ("nms", "qnms")
_ARGUMENTS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_kept: list[Any] = []  # a torch.library.Library withdraws its operators when it is collected

Outcome = Literal["native", "declared", "absent"]


@cache
def ensure_torchvision() -> Outcome:
    """Import torchvision so that it works. Call before the first import of timm, transformers or torchvision.

    :returns: ``native`` (nothing had to be done), ``declared`` (its detection operators raise when called, the rest
        works) or ``absent``.
    """
    import torch

    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return "absent"
    matching = sys.platform != "linux" or torch.version.cuda is not None or torch.version.hip is not None
    missing = [] if matching or "torchvision" in sys.modules else _undeclared(Path(spec.origin).parent)
    if missing:
        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        for name in missing:
            library.define(f"{name}{_ARGUMENTS}")  # type: ignore[no-untyped-call]
        _kept.append(library)
    import torchvision  # noqa: F401

    return "declared" if missing else "native"


def _undeclared(folder: Path) -> list[str]:
    import torch

    for extension in sorted(folder.glob("_C*.so")):
        try:
            torch.ops.load_library(str(extension))  # type: ignore[no-untyped-call]
        except OSError as error:
            _log.debug("%s does not load: %s", extension, error)
    return [name for name in _OPERATORS if not hasattr(torch.ops.torchvision, name)]
