"""``autotransfer leaderboard``: methods compared over many runs and data sets."""

from __future__ import annotations

import argparse
from pathlib import Path

from autotransfer.cli import streams
from autotransfer.cli.report import add_output
from autotransfer.commands import Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Runs and output."""
    parser.add_argument("runs", metavar="RUN", nargs="+", type=Path, help="run directory")
    add_output(parser)


def execute(args: argparse.Namespace) -> int:
    """Compare and print; JSON holds the plain numbers."""
    from autotransfer.leaderboard import compare
    from autotransfer.plugins import load_plugins
    from autotransfer.render import format_of, renderer
    from autotransfer.render.as_json import to_text
    from autotransfer.report import comparison_report
    from autotransfer.run import Run

    form = format_of(args.format, args.output)
    with streams.kept_clean():
        comparison = compare([Run.load(folder).record for folder in args.runs])
        if form == "json":
            text = to_text(comparison)
        else:
            text = renderer(form, load_plugins().hook.report_formats())(comparison_report(comparison))
    streams.answer(text, args.output)
    return 0


COMMAND = Command("leaderboard", "methods compared over many runs and data sets", configure, execute)
