"""Sentences about images: what is on them in the words of a schoolbook, and how they look."""

from __future__ import annotations

from dataclasses import dataclass

KNOWN = {
    "airplane": "a large flying vehicle with wings in the sky",
    "automobile": "a road vehicle with four wheels",
    "bird": "a flying animal with wings and feathers",
    "cat": "a small furry animal with four legs, a pet",
    "deer": "a wild furry animal with four long legs",
    "dog": "a furry animal with four legs, a pet",
    "frog": "a small animal with four legs and smooth skin",
    "horse": "a large animal with four long legs",
    "ship": "a large vehicle on water",
    "truck": "a large road vehicle with many wheels",
    "elephant": "a very large wild animal with four thick legs",
    "giraffe": "a wild animal with four long legs and a long neck",
    "guitar": "a wooden thing with strings for music",
    "house": "a large building with windows and a roof",
    "person": "a human being with two legs and a face",
}
"""Written down before any figure was seen. Other classes share most of their words, so that a class that no caption
names is still told by them."""
TEMPLATES = (
    "a {shade} {kind} of a {name}, mostly {colour}",
    "{kind} of a {name} in {colour}, {shade}",
    "a {name} on a {colour} {kind}, {shade}",
    "this {shade} {kind} with much {colour} shows a {name}",
    "a {name}: {words}. {shade} {kind}, {colour}",
    "{shade} {colour} {kind} of {words}",
    "a {kind} of {words}, mostly {colour} and {shade}",
)
"""Of captions that are learned from."""
HELD_OUT = (
    "mostly {colour} and {shade}, a {name} in a {kind}",
    "a {name}, which is {words}, on a {shade} {kind} with {colour}",
    "with {colour} and {shade}: {kind} of a {name}",
)
"""Of captions that are searched for: known words in another order."""


@dataclass(frozen=True)
class Fact:
    """All that a caption says of an image. ``kind``: photo, painting, cartoon or sketch."""

    name: str
    kind: str
    colour: str
    shade: str

    def caption(self, template: str) -> str:
        """In the words of a template."""
        words = KNOWN[self.name]
        return template.format(name=self.name, kind=self.kind, colour=self.colour, shade=self.shade, words=words)
