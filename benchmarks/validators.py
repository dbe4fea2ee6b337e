"""Which validator picks best on targets without labels? Their labels judge, and decide nothing else.

28 pairs of a labelled source and a target with classes, 8 with values, of eight families of public data; on each the
defaults of every method that can do without target labels, then random settings of them, each judged by every
validator. Every family counts the same.

A full run writes what it finds to ``plugins/autotransfer_validators/known_errors.json``, which reports read, and the
first bar says whether the default is the one that lost least. That choice is itself made on these pairs: "chosen on
the other families" shows what it loses where it was not made.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from autotransfer.errors import InputError
from benchmarks.harness import HERE, Arguments, Bar, Result, at_most
from benchmarks.label_free import Effort, Judged, judge_pair, read
from benchmarks.tasks.pairs import PAIRS, QUICK, Pair
from benchmarks.validator_figures import Pick, by_family, chosen_elsewhere, known_errors, picks, summary

COMMAND = "python -m benchmarks validators"
FILE = HERE.parent / "plugins" / "autotransfer_validators" / "known_errors.json"
FULL, SMALL = Effort(extra=8), Effort(extra=2, rounds=1)
NEAR = 1.0
"""Points by which the default may lose more than the best."""


def run(args: Arguments) -> Result:
    """Judge the pairs that the journal does not hold yet, then sum up. ``--quick``: six pairs, few candidates."""
    chosen = _chosen(args)
    effort = SMALL if args.quick else FULL
    journal = args.resume or Path(tempfile.mkdtemp(prefix="validators-")) / "journal.jsonl"
    known = {(one.pair, one.seed) for one in read(journal)}
    todo = [(pair, seed) for seed in range(args.seeds or 1) for pair in chosen if (pair.name, seed) not in known]
    _tell(f"{len(todo)} pairs to judge; go on after a stop with --resume {journal}")
    _judge_all(todo, args, effort, journal)
    names = {pair.name for pair in chosen}
    judged = [one for one in read(journal) if one.pair in names]
    kinds = {word: [one for one in judged if one.regression is values] for word, values in _KINDS.items()}
    found = {word: picks(rows, _in_metric()) for word, rows in kinds.items()}
    if not args.quick and not args.tasks:
        FILE.write_text(_document(found, judged), encoding="utf-8")
        _tell(f"written: {FILE}")
    bars = [bar for word, rows in found.items() if rows for bar in _bars(word, rows)]
    rows = [row for word, rows in found.items() if rows for row in table(word, rows, kinds[word])]
    return Result("validators", bars, rows)


_KINDS = {"classes": False, "values": True}


def _chosen(args: Arguments) -> list[Pair]:
    known = {pair.name: pair for pair in PAIRS}
    wanted = args.tasks or (QUICK if args.quick else tuple(known))
    for name in wanted:
        if name not in known:
            raise InputError(f"--tasks {name}: validators has no such pair; it has {', '.join(known)}")
    return [known[name] for name in wanted]


def _judge_all(todo: Sequence[tuple[Pair, int]], args: Arguments, effort: Effort, journal: Path) -> None:
    begin = time.monotonic()
    with ProcessPoolExecutor(args.jobs, get_context("spawn"), initializer=_one_thread) as pool:
        running = {pool.submit(judge_pair, pair, args.data, seed, effort): (pair, seed) for pair, seed in todo}
        for number, future in enumerate(as_completed(running), start=1):
            pair, seed = running[future]
            judged = future.result()
            with journal.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(one.to_json()) + "\n" for one in judged)
            _tell(
                f"[{number}/{len(todo)}] {pair.name} seed {seed}: {len(judged)} candidates "
                f"({time.monotonic() - begin:.0f} s since the start)"
            )


def _one_thread() -> None:
    """For libraries that are loaded already, and for those that a method will load."""
    from threadpoolctl import threadpool_limits

    from autotransfer.executors.template import use_threads

    use_threads(1)
    threadpool_limits(1)


def _validators() -> dict[str, Any]:
    from autotransfer.plugins import load_catalogue

    return dict(load_catalogue().validators)


def _in_metric() -> dict[str, bool]:
    return {name: validator.in_metric for name, validator in _validators().items()}


def _named(found: Sequence[Pick]) -> list[str]:
    """Validators that judged, in the catalogue's order."""
    there = {pick.validator for pick in found}
    return [name for name in _validators() if name in there]


def _bars(word: str, found: Sequence[Pick]) -> list[Bar]:
    names = _named(found)
    regrets = {name: by_family([p for p in found if p.validator == name], "regret") for name in names}
    default = names[0]
    alone = by_family([pick for pick in found if pick.validator == "source_only"], "regret")
    return [
        at_most(
            f"{word}: {default} loses more than the best validator (points)",
            regrets[default] - min(regrets.values()),
            NEAR,
        ),
        at_most(f"{word}: regret of {default} (points), source_only {alone:.2f}", regrets[default], alone),
    ]


def table(word: str, found: Sequence[Pick], judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """A row a validator, least regret first, then what they are measured by."""
    names = _named(found)
    one_round = summary(picks(judged, {}, rounds=1))
    elsewhere, winners = chosen_elsewhere(found, names)
    figures = summary(found)
    ordered = sorted(names, key=lambda name: figures[name]["regret"] or 0.0)
    rows = [_row(word, name, figures[name]) | {"regret, one round": one_round[name]["regret"]} for name in ordered]
    if winners:
        (figure,) = summary([_renamed(pick) for pick in elsewhere]).values()
        rows.append(_row(word, f"chosen on the other families ({', '.join(sorted(set(winners.values())))})", figure))
    return rows + [_row(word, name, figures[name]) for name in figures if name not in names]


def _renamed(pick: Pick) -> Pick:
    return Pick("chosen", pick.pair, pick.family, pick.regret, pick.gain, pick.correlation, pick.error)


def _row(word: str, name: str, figures: dict[str, float | None]) -> dict[str, Any]:
    return {
        "targets": word,
        "picked by": name,
        "pairs": figures["problems"],
        "regret": figures["regret"],
        "gain over source_only": figures["gain"],
        "below source_only": figures["below_source_only"],
        "rank correlation": figures["correlation"],
        "error": figures["error"],
    }


def _document(found: dict[str, list[Pick]], judged: Sequence[Judged]) -> str:
    """The figures, and which methods the candidates were of."""
    methods = sorted({one.candidate.partition(" ")[0] for one in judged})
    errors = {word: known_errors(rows, _named(rows)) for word, rows in found.items() if rows}
    return json.dumps({"measured_by": COMMAND, "methods": methods, **errors}, indent=1) + "\n"


def _tell(words: str) -> None:
    """Progress goes to stderr, so that stdout holds the result alone."""
    print(words, file=sys.stderr, flush=True)
