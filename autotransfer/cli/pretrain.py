"""``autotransfer pretrain``: train a small encoder on data of one's own and add it to the zoo."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from autotransfer.cli import options, streams
from autotransfer.commands import Command

if TYPE_CHECKING:
    from autotransfer.pretrained.entry import Entry
    from autotransfer.pretraining.recipe import Recipe

_RECIPES = ("supervised", "distilled", "simclr", "mae", "mlm")


def configure(parser: argparse.ArgumentParser) -> None:
    """Data, recipe, and how long."""
    parser.add_argument("data", metavar="DATA", help="images or texts to train on, as for fit")
    parser.add_argument(
        "--recipe", choices=_RECIPES, required=True, help="the objective; supervised and distilled need labels"
    )
    parser.add_argument(
        "--out", metavar="NAME|DIR", required=True, help="name in your zoo (then zoo:NAME), or a folder"
    )
    parser.add_argument("--epochs", metavar="N", type=int, default=20, help="passes over the data (default: 20)")
    parser.add_argument(
        "--budget",
        metavar="TIME",
        type=options.DURATION,
        default=float("inf"),
        help="time for the training, e.g. 30m; its learning rate runs down with it (default: no limit)",
    )
    parser.add_argument("--size", metavar="N", type=int, help="edge of images in pixels, or tokens of a text")
    parser.add_argument("--width", metavar="N", type=int, help="columns of the features")
    parser.add_argument("--teacher", metavar="NAME|DIR", help="of the recipe distilled: a residual network of the zoo")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="all randomness comes from it (default: 0)")
    parser.add_argument("--device", metavar="NAME", default="cpu", help="cpu, cuda or cuda:1 (default: cpu)")
    parser.add_argument("--label", metavar="COL", help="label column of a table of texts")
    parser.add_argument("--text", metavar="COL", help="text column: the table is a text data set")
    options.add_json(parser)


def execute(args: argparse.Namespace) -> int:
    """Train, measure, save, and print the card."""
    from autotransfer.plugins import load_catalogue
    from autotransfer.pretraining.job import Order, pretrain
    from autotransfer.problem import ReadOptions

    order = Order(
        args.data,
        _recipe(args),
        args.out,
        args.epochs,
        args.budget,
        args.seed,
        args.device,
        args.size,
        args.width,
        ReadOptions(label=args.label, text=args.text),
    )
    with streams.kept_clean():
        entry = pretrain(order, load_catalogue().hook, streams.say)
    _show(entry, order.out, as_json=args.json)
    return 0


def _recipe(args: argparse.Namespace) -> Recipe:
    from autotransfer.errors import InputError
    from autotransfer.pretraining.distilled import Distilled
    from autotransfer.pretraining.recipes import RECIPES

    if args.teacher is None:
        return RECIPES[args.recipe]()
    if args.recipe != Distilled.name:
        raise InputError(f"--teacher {args.teacher}: the recipe {args.recipe} has none; use --recipe {Distilled.name}")
    return Distilled(args.teacher)


def _show(entry: Entry, out: str, *, as_json: bool) -> None:
    from autotransfer.pretrained.entry import place

    folder = place(out)
    if as_json:
        streams.answer(json.dumps({"folder": str(folder), **entry.card}, indent=1, ensure_ascii=False) + "\n")
        return
    card = entry.card
    lines = [
        f"zoo:{out}: {card['parameters']:,} parameters, {card['bytes'] / 2**20:.1f} MiB",
        f"trained by {card['recipe']} on {card['data']['rows']:,} rows of {card['data']['name']}: "
        f"{card['epochs']:.3g} epochs, {card['seconds']} s",
        *_figures(card["measured"]),
        f"weights and model card are in {folder}",
    ]
    streams.answer("\n".join(lines) + "\n")


def _figures(measured: dict[str, Any] | None) -> list[str]:
    if measured is None:
        return ["not measured: there are no labelled rows to hold out"]
    own = "" if measured["head"] is None else f", its own classifier {measured['head']:.3f}"
    return [
        f"accuracy on {measured['rows']} rows held out: linear probe on {measured['rows_per_class']} rows a class "
        f"{measured['linear_probe']:.3f}{own}, chance {measured['chance']:.3f}"
    ]


COMMAND = Command("pretrain", "train a small encoder on your own data and add it to the zoo", configure, execute)
