"""``autotransfer plugins``: what loaded, what broke and why; the conformance kit; a package to start from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autotransfer.cli import options, streams
from autotransfer.commands import Command

if TYPE_CHECKING:
    from autotransfer.plugin_info import PluginInfo
    from autotransfer.report import Report
    from autotransfer.testing.check import CheckReport

_FAILED = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """``list``, ``check`` and ``new``; ``list`` when nothing is said."""
    options.add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="list | check TARGET | new NAME")
    listing = actions.add_parser(
        "list", help="what loaded, what broke, and how to fix it (default)", allow_abbrev=False
    )
    check = actions.add_parser("check", help="run the conformance kit", allow_abbrev=False)
    check.add_argument("target", metavar="TARGET", help="a plugin's name, a method's name, a module or a folder")
    for sub in (listing, check):
        sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    new = actions.add_parser("new", help="write a package that passes its own test", allow_abbrev=False)
    new.add_argument("name", metavar="NAME", help="name of the package")
    new.add_argument("--out", metavar="DIR", type=Path, default=Path(), help="where to write it (default: here)")


def execute(args: argparse.Namespace) -> int:
    """Do the action."""
    if args.action == "new":
        return _new(args.name, args.out)
    if args.action == "check":
        return _check(args.target, as_json=args.json)
    return _list(as_json=args.json)


def _list(*, as_json: bool) -> int:
    from autotransfer.plugin_info import describe_plugins
    from autotransfer.plugins import load_catalogue
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text

    with streams.kept_clean():
        found = describe_plugins(load_catalogue())
    streams.answer(to_text({"plugins": found}) if as_json else render_text(_listing(found)))
    return 0


def _listing(found: list[PluginInfo]) -> Report:
    from autotransfer.report import Report, Section

    sections = [
        Section(f"{info.name} ({info.distribution} {info.version})", (", ".join(info.brings) or "nothing",))
        for info in found
    ]
    problems = tuple(str(problem) for info in found for problem in info.problems)
    if problems:
        sections.append(Section("Left out", problems))
    headline = f"{len(found)} plugins; {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}."
    return Report("autotransfer: plugins", headline, tuple(sections))


def _check(target: str, *, as_json: bool) -> int:
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text
    from autotransfer.testing.target import check_target

    with streams.kept_clean():
        found = check_target(target)
    if as_json:
        streams.answer(to_text({"target": found.target, "passed": found.passed, "results": found.results}))
    else:
        streams.answer(render_text(_checked(found)))
    return 0 if found.passed else _FAILED


def _checked(found: CheckReport) -> Report:
    from autotransfer.report import Report, Section, Table

    rows = tuple((result.subject, result.check, result.outcome.value) for result in found.results)
    sections = [Section("Checks", (), (Table(("subject", "check", "outcome"), rows),))]
    if found.failures:
        sections.insert(0, Section("Failures", tuple(result.detail for result in found.failures)))
    word = "passes" if found.passed else "does not pass"
    headline = f"{found.target} {word} the conformance kit: {len(found.results)} checks, {len(found.failures)} failed."
    return Report("autotransfer: plugins check", headline, tuple(sections))


def _new(name: str, folder: Path) -> int:
    from autotransfer.scaffold import create_plugin

    project = create_plugin(name, folder)[0].parent
    steps = (f"pip install -e {project}", f"autotransfer plugins check {project}", f"pytest {project}")
    streams.answer("\n  ".join((f"Wrote {project}. Next:", *steps)) + "\n")
    return 0


COMMAND = Command(
    "plugins", "third-party plugins: what loaded, what broke and why, conformance, template", configure, execute
)
