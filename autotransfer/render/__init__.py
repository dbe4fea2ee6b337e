"""From a report to text, markdown, JSON and HTML."""

from __future__ import annotations

from autotransfer.render.formats import FORMATS, format_of, renderer

__all__ = ["FORMATS", "format_of", "renderer"]
