"""Reports as one HTML file."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import final

import pytest

from autotransfer.render.clean import clean
from autotransfer.render.html import render_html

VOID = {"meta", "link", "img", "br", "hr", "input"}


@final
class Seen(HTMLParser):
    """Tags, attributes and text of a page; checks that tags nest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data.strip())


def test_layout(report):
    seen = Seen(render_html(report))
    assert not seen.open
    assert {"svg", "table", "title", "style"} <= set(seen.tags)
    assert ("class", "verdict good") in seen.attributes
    assert {"Transfer: pooled × dvd.", "+0.110", "below the table", "below the bars"} <= set(seen.text)


def test_data_adds_no_tag_and_no_attribute(hostile, report_of, nasty):
    """A page with hostile strings has the very tags and attribute names of one with harmless strings in their place."""
    seen, harmless = (
        Seen(render_html(hostile)),
        Seen(render_html(report_of(tuple("word" if text else "" for text in nasty)))),
    )
    assert seen.tags == harmless.tags
    assert [name for name, _ in seen.attributes] == [name for name, _ in harmless.attributes]


def test_hostile_text_is_shown_as_text(hostile, nasty):
    text = Seen(render_html(hostile)).text
    assert all(clean(string) in text for string in nasty)
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("name", ["src", "href", "xlink:href", "action", "onload", "onerror", "onmouseover"])
def test_nothing_outside_is_referred_to_and_nothing_runs(hostile, name):
    page = render_html(hostile)
    assert name not in {attribute for attribute, _ in Seen(page).attributes}
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in page


def test_light_dark_and_print_have_their_rules(report):
    page = render_html(report)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
