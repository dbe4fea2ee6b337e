"""What a run tells while it works, on a terminal and elsewhere."""

from __future__ import annotations

import io
import os
import pty
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

from autotransfer.display import LiveProgress, PlainProgress, make_progress
from autotransfer.trial import Choice, Status, TrialRecord


def _trial(number, score=0.5, method="pooled", status=Status.COMPLETE):
    return TrialRecord(number, Choice(method, "dvd", None, {}), status, score, None if score is None else score - 0.4)


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def _terminal() -> Iterator[tuple[TextIO, list[bytes]]]:
    """A terminal to write to, and what it has shown once it is closed."""
    master, slave = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:  # Linux says so when the other end is closed
                return
            if not data:
                return
            shown.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor, not a path
            yield stream, shown
    finally:
        reader.join()
        os.close(master)


def _lines(stream):
    return stream.getvalue().splitlines()


def test_plain_first_trial_and_improvements_always_others_once_a_second():
    stream, clock = io.StringIO(), Clock()
    progress = PlainProgress(stream, clock)
    first, better = _trial(0, 0.5), _trial(2, 0.6)
    for now, record, best in (
        (0.0, first, first),
        (0.1, _trial(1, 0.4), first),
        (0.2, better, better),
        (0.9, _trial(3, 0.4), better),
        (1.3, _trial(4, 0.4), better),
        (1.4, _trial(5, None, status=Status.FAILED), better),
    ):
        clock.now = now
        progress.trial(record, best, (1, 9), 60.0)
    assert [line.split(":")[0] for line in _lines(stream)] == ["trial 1", "trial 3", "trial 5"]


def test_plain_line_says_what_where_best_and_time_left():
    stream = io.StringIO()
    PlainProgress(stream, Clock()).trial(_trial(0, 0.5), _trial(0, 0.5), (3, 9), 61.0)
    assert _lines(stream) == [
        "trial 1: pooled × dvd, score 0.500; best: pooled × dvd, score 0.500, gain +0.100; arms 3 of 9; 1 min 1 s left"
    ]


def test_plain_failed_trial_without_a_best():
    stream = io.StringIO()
    PlainProgress(stream, Clock()).trial(_trial(0, None, status=Status.FAILED), None, (1, 9), float("inf"))
    assert _lines(stream) == ["trial 1: pooled × dvd, failed; best: –; arms 1 of 9; no time limit"]


def test_plain_stages_are_lines_of_their_own():
    stream = io.StringIO()
    progress = make_progress(stream)
    progress.stage("load\nproblem")
    progress.stage("search")
    progress.close()
    assert _lines(stream) == ["load problem", "search"]


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_terminals_that_cannot_move_the_cursor_get_lines(monkeypatch, term):
    monkeypatch.setenv("TERM", term)
    with _terminal() as (stream, _):
        assert isinstance(make_progress(stream), PlainProgress)


def test_a_terminal_gets_a_live_display(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with _terminal() as (stream, shown):
        progress = make_progress(stream)
        assert isinstance(progress, LiveProgress)
        progress.stage("search")
        progress.trial(_trial(0, 0.5), _trial(0, 0.5), (3, 9), 61.0)
        progress.trial(_trial(1, None, status=Status.FAILED), _trial(0, 0.5), (4, 9), 59.0)
        progress.close()
        progress.close()
    text = b"".join(shown).decode()
    assert "\x1b[" in text
    for words in (
        "search",
        "pooled × dvd, score 0.500, gain +0.100",
        "4 of 9 arms, 2 trials (1 without a score)",
        "59.0 s left",
    ):
        assert words in text


def test_names_from_data_do_not_reach_the_terminal_as_commands(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    evil = _trial(0, 0.5, method="\x1b]0;title\x07[bold red]evil\n")
    with _terminal() as (stream, shown):
        progress = make_progress(stream)
        progress.trial(evil, evil, (1, 1), 1.0)
        progress.close()
    text = b"".join(shown).decode()
    assert "\x1b]" not in text
    assert re.search(r"\[bold red\]evil +× dvd", text)


def test_no_thread_draws(monkeypatch):
    """A fork while a thread held the display's lock would hang the child."""
    monkeypatch.setenv("TERM", "xterm")
    with _terminal() as (stream, _):
        before = threading.active_count()
        progress = make_progress(stream)
        progress.stage("search")
        assert threading.active_count() == before
        progress.close()
