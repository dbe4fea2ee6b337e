"""``autotransfer kernels``: which implementation each operator uses; build, check and time the compiled ones."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from autotransfer.cli import options, streams
from autotransfer.commands import Command

if TYPE_CHECKING:
    from autotransfer.report import Table

_FAILED = 2
_ROWS, _FEATURES = 2000, 64


def configure(parser: argparse.ArgumentParser) -> None:
    """``info``, ``build``, ``check`` and ``bench``; ``info`` when nothing is said."""
    options.add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="info | build | check | bench")
    helps = {
        "info": "which implementation each operator uses, and why (default)",
        "build": "compile them for this machine: about a minute, once",
        "check": "compare them with the reference",
        "bench": "time them against the reference: seconds",
    }
    subs = {name: actions.add_parser(name, help=text, allow_abbrev=False) for name, text in helps.items()}
    for sub in subs.values():
        sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    for name in ("build", "check", "bench"):
        subs[name].add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="default: cpu")
    subs["build"].add_argument("--afresh", action="store_true", help="even if there is a build")


def execute(args: argparse.Namespace) -> int:
    """Do the action."""
    if args.action == "build":
        return _build(args.device, afresh=args.afresh, as_json=args.json)
    if args.action == "check":
        return _check(args.device, as_json=args.json)
    if args.action == "bench":
        return _bench(args.device, as_json=args.json)
    return _info(as_json=args.json)


def _info(*, as_json: bool) -> int:
    from autotransfer.kernels import backend, building

    with streams.kept_clean():
        rows = backend.describe()
        facts: dict[str, Any] = {"setting": str(backend.mode()), "cache": str(building.root()), "isa": backend.isa()}
    columns = ("op", "device", "backend", "why")
    table = [{name: getattr(row, name) for name in columns} for row in rows]
    words = f"{backend.VARIABLE}={facts['setting']}; builds are in {facts['cache']}"
    isa = f"; instruction set {facts['isa']}" if facts["isa"] else ""
    _answer("info", f"{words}{isa}.", table, as_json=as_json, facts=facts)
    return 0


def _build(device: str, *, afresh: bool, as_json: bool) -> int:
    from autotransfer.kernels.building import build
    from autotransfer.render.as_json import to_text

    with streams.kept_clean():
        library = build(device, afresh=afresh)
    streams.answer(to_text({"library": str(library)}) if as_json else f"{library}\n")
    return 0


def _check(device: str, *, as_json: bool) -> int:
    from autotransfer.kernels.checking import check

    with streams.kept_clean():
        _require(device)
        found = check(device)
    failed = [one for one in found if not one.agrees]
    rows = [
        {
            "op": one.op,
            "type": one.dtype,
            "difference": f"{one.difference:.1e}",
            "allowed": f"{one.limit:.0e}",
            "agrees": "yes" if one.agrees else "NO",
        }
        for one in found
    ]
    words = "agree with the reference" if not failed else "do NOT agree with the reference"
    _answer("check", f"The compiled operators on {device} {words}.", rows, as_json=as_json, facts={})
    return _FAILED if failed else 0


def _bench(device: str, *, as_json: bool) -> int:
    from autotransfer.kernels.timing import against_reference

    with streams.kept_clean():
        _require(device)
        found = against_reference(device, _ROWS, _FEATURES)
    rows = [
        {
            "op": one.op,
            "compiled (ms)": f"{1000 * one.compiled:.1f}",
            "reference (ms)": f"{1000 * one.reference:.1f}",
            "times": f"{one.reference / one.compiled:.1f}",
        }
        for one in found
    ]
    size = f"two samples of {_ROWS} rows with {_FEATURES} features and 5 bandwidths, a layer as wide with rank 8"
    _answer("bench", f"Processor time of the fastest of several calls on {device}; {size}.", rows, as_json=as_json)
    return 0


def _require(device: str) -> None:
    """Comparing the reference with itself would say nothing. Raises ``BuildError``."""
    from autotransfer.kernels import backend, building

    building.build(device)
    backend.use_build(device)


def _answer(
    name: str, headline: str, rows: list[dict[str, str]], *, as_json: bool, facts: dict[str, Any] | None = None
) -> None:
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text
    from autotransfer.report import Report, Section

    if as_json:
        streams.answer(to_text({**(facts or {}), "rows": rows}))
        return
    section = Section("Operators", (), (_table(rows),))
    streams.answer(render_text(Report(f"autotransfer: kernels {name}", headline, (section,))))


def _table(rows: list[dict[str, str]]) -> Table:
    from autotransfer.report import Table

    return Table(tuple(rows[0]), tuple(tuple(row.values()) for row in rows))


COMMAND = Command("kernels", "the compiled kernels: which backend each op uses, and why", configure, execute)
