"""The command line. Each command is one module, imported when it is called."""

from __future__ import annotations

from autotransfer.cli.main import run

__all__ = ["run"]
