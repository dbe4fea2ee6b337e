"""autotransfer: which source, which transfer method, how risky, and is it better not to transfer at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autotransfer.assessment import assess
    from autotransfer.job import fit
    from autotransfer.run import Run
    from autotransfer.settings import Settings

    load_run = Run.load

__version__ = "0.1.0"
__all__ = ["Run", "Settings", "__version__", "assess", "fit", "load_run"]

_HOMES = {
    "Run": ("run", "Run"),
    "Settings": ("settings", "Settings"),
    "assess": ("assessment", "assess"),
    "fit": ("job", "fit"),
    "load_run": ("run", "Run.load"),
}
"""Public name -> module and name there. Imported when first asked for: the engine needs heavy libraries."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module
    from operator import attrgetter

    module, inner = _HOMES[name]
    return attrgetter(inner)(import_module(f"{__name__}.{module}"))
