"""What a problem can offer and what a method can need: one flag each, with the words that explain its absence."""

from __future__ import annotations

from enum import Flag, auto


class Asset(Flag):
    """Assets are matched with needs: an arm is eligible when ``needs & ~offered`` is empty."""

    NONE = 0
    TARGET_LABELS = auto()
    TARGET_UNLABELED = auto()
    SOURCE_INPUTS = auto()
    SOURCE_LABELS = auto()
    SHARED_LABELS = auto()
    PRETRAINED = auto()
    SOURCE_HEAD = auto()
    CLASS_ATTRIBUTES = auto()
    PAIRS = auto()
    DICTIONARY = auto()
    MANY_TARGETS = auto()
    TRAINABLE = auto()
    OTHER_COLUMNS = auto()
    UNSEEN_CLASSES = auto()
    OTHER_LANGUAGE = auto()
    PARALLEL = auto()
    TRANSLATOR = auto()


_WORDS: dict[Asset, str] = {
    Asset.TARGET_LABELS: "labelled target rows",
    Asset.TARGET_UNLABELED: "unlabelled target rows",
    Asset.SOURCE_INPUTS: "source rows",
    Asset.SOURCE_LABELS: "labels in the source",
    Asset.SHARED_LABELS: "a source with the target's labels",
    Asset.PRETRAINED: "a pretrained encoder as the source",
    Asset.SOURCE_HEAD: "a source model with a prediction head",
    Asset.CLASS_ATTRIBUTES: "class attributes or descriptions",
    Asset.PAIRS: "paired rows of two modalities",
    Asset.DICTIONARY: "a dictionary or parallel sentences",
    Asset.MANY_TARGETS: "several tasks",
    Asset.TRAINABLE: "a pretrained network that can be trained further",
    Asset.OTHER_COLUMNS: "source rows in columns of their own",
    Asset.UNSEEN_CLASSES: "described classes without a labelled row",
    Asset.OTHER_LANGUAGE: "source texts in another language",
    Asset.PARALLEL: "parallel sentences",
    Asset.TRANSLATOR: "a translator command",
}

SOURCE_ASSETS = (
    Asset.SOURCE_INPUTS
    | Asset.SOURCE_LABELS
    | Asset.SHARED_LABELS
    | Asset.PRETRAINED
    | Asset.SOURCE_HEAD
    | Asset.TRAINABLE
    | Asset.OTHER_COLUMNS
    | Asset.PAIRS
    | Asset.OTHER_LANGUAGE
)
"""Needs that a source has to meet: without one the method cannot run."""

TRANSFER_ASSETS = SOURCE_ASSETS | Asset.CLASS_ATTRIBUTES | Asset.MANY_TARGETS
"""Needs that make a method a transfer method: it knows something that the target's rows and labels do not tell."""


def describe(assets: Asset) -> str:
    """The assets in words, joined by commas; ``"nothing"`` for the empty flag."""
    return ", ".join(_WORDS[asset] for asset in assets) or "nothing"


def missing(needs: Asset, offered: Asset) -> Asset:
    """The part of ``needs`` that is not offered."""
    return needs & ~offered
