"""``autotransfer index``: a book of very many sources, of which a run opens the likest."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from autotransfer.cli import options, streams
from autotransfer.commands import Command


def configure(parser: argparse.ArgumentParser) -> None:
    """Sources, the space in which they are compared, and the book's folder."""
    parser.add_argument(
        "sources", metavar="SRC", nargs="+", help="data sets, as for --source; -: names from standard input"
    )
    parser.add_argument(
        "--space", metavar="URI", default="", help="model that encodes rows, e.g. zoo:photo-resnet (default: none)"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the book: then book:DIR")
    parser.add_argument("--label", metavar="COL", help="label column of tables")
    parser.add_argument("--text", metavar="COL", help="text column of tables")
    options.add_json(parser)


def execute(args: argparse.Namespace) -> int:
    """Open and sketch each, write the book, tell its size."""
    from autotransfer.indexing import index
    from autotransfer.plugins import load_catalogue
    from autotransfer.problem import ReadOptions

    given = [name for word in args.sources for name in (_lines() if word == "-" else [word])]
    reading = ReadOptions(label=args.label, text=args.text)
    with streams.kept_clean():
        book = index(given, args.space, args.out, reading, load_catalogue().hook, streams.say)
    if args.json:
        content = {"folder": str(args.out), "sources": list(book.names), "space": book.space}
        streams.answer(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    else:
        streams.answer(f"book:{args.out}: {len(book.names)} of {len(given)} sources\n")
    return 0


def _lines() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]


COMMAND = Command("index", "sketch very many sources once: then book:DIR is a source", configure, execute)
