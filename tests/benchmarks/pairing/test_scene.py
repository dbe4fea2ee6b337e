"""What is learned from and what is searched never meet."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.pairing.captions import HELD_OUT, KNOWN, TEMPLATES, Fact
from benchmarks.pairing.scene import NAMES, UNSEEN, Pictures, Scene, scene


@pytest.fixture
def everything() -> Pictures:
    """Thirty images of each class in two kinds, a third of them for the test."""
    rng, n = np.random.default_rng(0), 30 * len(NAMES)
    colours, shades = rng.choice(["red", "grey"], n), rng.choice(["dark", "dim"], n)
    facts = tuple(Fact(NAMES[i % len(NAMES)], ("photo", "sketch")[i % 2], colours[i], shades[i]) for i in range(n))
    return Pictures(np.array([f"{i}.png" for i in range(n)], dtype=object), facts, np.arange(n) // len(NAMES) % 3 == 0)


@pytest.fixture
def drawn(everything: Pictures) -> Scene:
    return scene(everything, 12, 3)


def test_unseen_classes_are_neither_shown_nor_named(drawn: Scene, everything: Pictures) -> None:
    assert len(drawn.unseen) == UNSEEN
    hidden = {NAMES[label] for label in drawn.unseen}
    facts = dict(zip(everything.paths, everything.facts, strict=True))
    for part in (drawn.pairs, drawn.searched):
        assert not {facts[path].name for path in part.inputs} & hidden
        assert not any(f" {name}" in f" {caption}" for caption in part.captions for name in hidden)
    assert set(drawn.tested.labels) == set(range(len(NAMES)))


def test_test_images_are_not_learned_from(drawn: Scene, everything: Pictures) -> None:
    held = set(everything.paths[everything.test])
    assert not set(drawn.pairs.inputs) & held
    assert set(drawn.searched.inputs) | set(drawn.tested.inputs) <= held


def test_no_two_searched_images_can_be_said_the_same_of(drawn: Scene, everything: Pictures) -> None:
    facts = dict(zip(everything.paths, everything.facts, strict=True))
    found = [facts[path] for path in drawn.searched.inputs]
    assert len(set(found)) == len(found)
    for fact, caption in zip(found, drawn.searched.captions, strict=True):
        assert caption in {fact.caption(template) for template in HELD_OUT}


def test_equal_seeds_give_equal_scenes(everything: Pictures, drawn: Scene) -> None:
    again, other = scene(everything, 12, 3), scene(everything, 12, 4)
    assert again.pairs.captions.tolist() == drawn.pairs.captions.tolist()
    assert again.pairs.inputs.tolist() == drawn.pairs.inputs.tolist()
    assert other.unseen.tolist() != drawn.unseen.tolist()


def test_templates_are_apart_and_every_one_says_how_an_image_looks() -> None:
    assert not set(TEMPLATES) & set(HELD_OUT)
    for template in (*TEMPLATES, *HELD_OUT):
        assert all(part in template for part in ("{colour}", "{shade}", "{kind}"))
        assert "{name}" in template or "{words}" in template
    assert len(KNOWN) == len(NAMES)
