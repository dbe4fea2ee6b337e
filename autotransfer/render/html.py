"""A report as one HTML file: no script, no reference to anything outside, everything from data escaped."""

from __future__ import annotations

from pathlib import Path

from autotransfer.render.chart import chart
from autotransfer.render.clean import clean_report
from autotransfer.render.columns import numeric_columns
from autotransfer.report.types import Report

_TEMPLATE = "report.html.j2"


def render_html(report: Report) -> str:
    """The report as a self-contained page."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template(_TEMPLATE)
    return template.render(report=clean_report(report), chart=chart, numeric=numeric_columns)
