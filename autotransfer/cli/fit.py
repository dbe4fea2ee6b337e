"""``autotransfer fit``: search, decide, save a run directory, print the verdict and the leaderboard."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from autotransfer.cli import options, streams
from autotransfer.commands import Command
from autotransfer.errors import InterruptedRunError

if TYPE_CHECKING:
    from autotransfer.run import Run
    from autotransfer.settings import Settings

_INTERRUPTED = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Every field of ``Settings`` is an option."""
    options.add(parser, options.GROUPS)


def execute(args: argparse.Namespace) -> int:
    """Run the main job and show what it found."""
    sources, settings = with_demo(args.target, args.source, options.settings_from(args))
    try:
        run = _fit(args.target, sources, settings)
    except InterruptedRunError as error:
        if error.run is None:
            raise
        _show(error.run, as_json=args.json)
        streams.say(str(error))
        return _INTERRUPTED
    _show(run, as_json=args.json)
    return 0


def with_demo(target: str, sources: list[str], settings: Settings) -> tuple[list[str], Settings]:
    """A demo without ``--source`` brings its own sources, descriptions and translations, and its test rows unless
    ``--test`` names others."""
    if sources or not target.startswith("demo:"):
        return sources, settings
    from autotransfer.demos import demo_bundle

    demo = demo_bundle(target)
    if demo is None:
        return sources, settings
    settings = replace(
        settings,
        classes=settings.classes or demo.classes,
        parallel=settings.parallel or demo.parallel,
        test=settings.test or demo.test,
    )
    return list(demo.sources), settings


def _fit(target: str, sources: list[str], settings: Settings) -> Run:
    from autotransfer.display import make_progress
    from autotransfer.job import fit

    progress = make_progress()
    try:
        with streams.kept_clean():
            return fit(target, sources, settings=settings, progress=progress)
    finally:
        progress.close()


def _show(run: Run, *, as_json: bool) -> None:
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text
    from autotransfer.report import make_summary

    if as_json:
        document = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
        streams.answer(to_text({"run": str(run.folder), **document}))
        return
    files = f"Everything is in {run.folder}: report.html, leaderboard.csv, run.json, model/, log.jsonl\n"
    streams.answer(f"{render_text(make_summary(run.record))}\n{files}")


COMMAND = Command("fit", "search, decide, save a run, print the verdict and the leaderboard", configure, execute)
