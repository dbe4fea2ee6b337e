from __future__ import annotations

import shlex

import pytest

from autotransfer.cli import pretrain as cli
from autotransfer.cli.parser import parser_of
from autotransfer.pretraining.card import command, shown
from autotransfer.pretraining.job import Order
from autotransfer.pretraining.recipes import RECIPES
from autotransfer.pretraining.supervised import Supervised
from autotransfer.problem import ReadOptions


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("/somewhere/data/photos.zip/train/inner", "photos.zip/train/inner"),
        ("photos.zip", "photos.zip"),
        ("/somewhere/photos/", "photos"),
        ("reviews.csv", "reviews.csv"),
    ],
)
def test_data_are_shown_without_the_folders_above(uri: str, name: str) -> None:
    assert shown(uri) == name


def test_the_command_says_all_that_was_ordered() -> None:
    """Parsed again it gives the same order, the folders of the data aside."""
    read = ReadOptions(label="my label", text="words")
    order = Order("/a/b.zip/train", Supervised(), "mine", 7, 90.0, 3, "cpu", 32, 64, read)
    words = shlex.split(command(order, "mine"))
    assert words[:2] == ["autotransfer", "pretrain"]
    args = parser_of(cli.COMMAND).parse_args(words[2:])
    assert (args.data, args.recipe, args.out) == ("b.zip/train", "supervised", "mine")
    assert (args.epochs, args.budget, args.seed, args.device) == (7, 90.0, 3, "cpu")
    assert (args.size, args.width, args.label, args.text) == (32, 64, "my label", "words")


def test_the_command_line_knows_every_recipe() -> None:
    assert tuple(RECIPES) == cli._RECIPES
