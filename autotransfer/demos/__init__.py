"""Demos: real data small enough to ship, each a target with its sources and test rows. See README.md for origins."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "demo:"
FILES = {
    "penguins": "penguins_gentoo.csv",
    "penguins-adelie": "penguins_adelie.csv",
    "penguins-chinstrap": "penguins_chinstrap.csv",
    "penguins-test": "penguins_gentoo_test.csv",
}
"""Name after ``demo:`` and file in this package."""
LABEL = "sex"
"""The label column of all of them."""


@dataclass(frozen=True)
class Demo:
    """What belongs together. The strings are what a command line would say.

    :param test: the final test set, or None.
    :param title: one line on the question.
    """

    target: str
    sources: tuple[str, ...]
    test: str | None
    title: str


DEMOS = {
    "penguins": Demo(
        target="demo:penguins",
        sources=("demo:penguins-adelie", "demo:penguins-chinstrap"),
        test="demo:penguins-test",
        title="the sex of Gentoo penguins from 40 birds, with Adelie and Chinstrap penguins as sources",
    ),
}


def demo_bundle(uri: str) -> Demo | None:
    """The demo that has ``uri`` as its target, or None."""
    return next((demo for demo in DEMOS.values() if demo.target == uri), None)
