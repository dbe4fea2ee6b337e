"""``autotransfer report``: everything a run found, as text, markdown, HTML or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from autotransfer.cli import streams
from autotransfer.commands import Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Run and output."""
    parser.add_argument("run", metavar="RUN", type=Path, help="run directory")
    add_output(parser)


def add_output(parser: argparse.ArgumentParser) -> None:
    """``-o`` and ``--format``."""
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="file to write (default: standard output)")
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="text, markdown, html, json, or one that a plugin brings (default: as FILE ends, else text)",
    )


def execute(args: argparse.Namespace) -> int:
    """Make the report from the run's record."""
    from autotransfer.plugins import load_plugins
    from autotransfer.render import format_of, renderer
    from autotransfer.report import make_report
    from autotransfer.report.plugin_sections import extended
    from autotransfer.run import Run

    with streams.kept_clean():
        hook = load_plugins().hook
        render = renderer(format_of(args.format, args.output), hook.report_formats())
        text = render(extended(make_report(Run.load(args.run).record), hook))
    streams.answer(text, args.output)
    return 0


COMMAND = Command("report", "everything a run found, as text, markdown, HTML or JSON", configure, execute)
