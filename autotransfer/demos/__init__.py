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
SPECIES_AND_SEX = ("zeroshot", "zeroshot-test")
"""Names after ``demo:`` that ``species_and_sex.py`` makes of these files."""
SHAPES = ("multimodal", "multimodal-pairs", "multimodal-test")
"""Names after ``demo:`` that ``shapes.py`` draws."""
SPECIES_THEN_SEX = ("continual", "continual-test", "continual-species")
"""Names after ``demo:`` that ``species_then_sex.py`` makes of them."""
SEVERAL_LABELS = ("multitask", "multitask-test")
"""Names after ``demo:`` that ``several_labels.py`` makes of them."""
STROKES = ("fewshot", "fewshot-source", "fewshot-test")
"""Names after ``demo:`` that ``strokes.py`` draws."""
CLASSES = {"zeroshot-classes": "zeroshot_classes.csv"}
"""Descriptions of classes: name after ``demo:`` and file in this package."""

TWO_LANGUAGES = ("crosslingual", "crosslingual-english", "crosslingual-test")
PAIRS = ("crosslingual-parallel", "crosslingual-dictionary")
"""Names after ``demo:`` that ``two_languages.py`` makes: reviews, and translations."""


@dataclass(frozen=True)
class Demo:
    """What belongs together. The strings are what a command line would say.

    :param test: the final test set, or None.
    :param title: one line on the question.
    :param classes: descriptions of the classes, or None.
    :param parallel: sentences in the source's language and in the target's, or None.
    """

    target: str
    sources: tuple[str, ...]
    test: str | None
    title: str
    classes: str | None = None
    parallel: str | None = None


DEMOS = {
    "penguins": Demo(
        target="demo:penguins",
        sources=("demo:penguins-adelie", "demo:penguins-chinstrap"),
        test="demo:penguins-test",
        title="the sex of Gentoo penguins from 40 birds, with Adelie and Chinstrap penguins as sources",
    ),
    "zeroshot": Demo(
        target="demo:zeroshot",
        sources=(),
        test="demo:zeroshot-test",
        title="species and sex of penguins, two of the six pairs without a labelled bird, told by what the pairs share",
        classes="demo:zeroshot-classes",
    ),
    "multimodal": Demo(
        target="demo:multimodal",
        sources=("demo:multimodal-pairs",),
        test="demo:multimodal-test",
        title="shapes on noisy pictures, four labelled ones of each, with captioned drawings as a source",
    ),
    "continual": Demo(
        target="demo:continual",
        sources=("demo:continual-species",),
        test="demo:continual-test",
        title="the sex of Gentoo penguins from 40 birds, learned by what tells Adelie from Chinstrap penguins",
    ),
    "multitask": Demo(
        target="demo:multitask",
        sources=(),
        test="demo:multitask-test",
        title="species, sex and weight of penguins from 90 birds, of which few tell more than one of them",
    ),
    "fewshot": Demo(
        target="demo:fewshot",
        sources=("demo:fewshot-source",),
        test="demo:fewshot-test",
        title="five invented characters from one drawing of each, with drawings of 25 other characters as the source",
    ),
    "crosslingual": Demo(
        target="demo:crosslingual",
        sources=("demo:crosslingual-english",),
        test="demo:crosslingual-test",
        title="whether a German review is good or bad, from 40 of them, 240 in English and 250 translated sentences",
        parallel="demo:crosslingual-parallel",
    ),
}


def demo_bundle(uri: str) -> Demo | None:
    """The demo that has ``uri`` as its target, or None."""
    return next((demo for demo in DEMOS.values() if demo.target == uri), None)
