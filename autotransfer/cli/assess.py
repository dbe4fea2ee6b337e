"""``autotransfer assess``: relatedness and risk of negative transfer, without a search."""

from __future__ import annotations

import argparse

from autotransfer.cli import options, streams
from autotransfer.commands import Command

_GROUPS = (("data", options.DATA), ("what to try", options.WHAT))


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``fit`` that concern data and methods."""
    options.add(parser, _GROUPS)


def execute(args: argparse.Namespace) -> int:
    """Measure and print."""
    from autotransfer.assessment import assess
    from autotransfer.cli.fit import with_demo
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text
    from autotransfer.report import Relatedness, assessment_report
    from autotransfer.settings import EXPERIENCE

    sources, settings = with_demo(args.target, args.source, options.settings_from(args))
    with streams.kept_clean():
        found = assess(args.target, sources, settings=settings)
    if args.json:
        streams.answer(to_text(found))
    else:
        measured = Relatedness(found.evidence, found.reading, found.reasons, found.encoders)
        learned = settings.selector == EXPERIENCE
        report = assessment_report(found.name, measured, found.risk, found.notes, found.skipped, learned=learned)
        streams.answer(render_text(report))
    return 0


COMMAND = Command("assess", "relatedness and negative-transfer risk only: seconds, no search", configure, execute)
