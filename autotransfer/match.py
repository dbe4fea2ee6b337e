"""Match what methods need with what the problem offers: arms that can run, and the others with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autotransfer.assets import Asset, describe, missing
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.footprint import Bounds
from autotransfer.method import Method
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.task import Source
from autotransfer.trial import Arm, Skipped

_LOADING_PAYS = 60.0
"""Seconds of a run from which on methods are tried that need seconds to load and many to train."""


def match(
    problem: Problem, methods: Mapping[str, type[Method]], settings: Settings
) -> tuple[tuple[Arm, ...], tuple[Skipped, ...]]:
    """Eligible arms in the catalogue's order, and the arms that cannot run here.

    Raises ``InputError`` for an unknown name in ``settings.methods`` or ``settings.exclude``.
    """
    _check_names(methods, settings)
    arms: list[Arm] = []
    skipped = [Skipped("*", source, reason) for source, reason in problem.skipped]
    for method in methods.values():
        for source in _partners(method, problem):
            reason = _why_not(method, source, problem, settings)
            name = None if source is None else source.name
            if reason is None:
                arms.append(Arm(method.name, name))
            else:
                skipped.append(Skipped(method.name, name, reason))
    return tuple(arms), tuple(skipped)


def _check_names(methods: Mapping[str, type[Method]], settings: Settings) -> None:
    for option, names in (("--methods", settings.methods), ("--exclude", settings.exclude)):
        for name in names:
            if name not in methods:
                raise InputError(f"{option} {name}: no such method; there are {', '.join(sorted(methods))}")


def _partners(method: type[Method], problem: Problem) -> Iterator[Source | None]:
    if method.takes_source():
        yield from problem.sources
    else:
        yield None


def _why_not(method: type[Method], source: Source | None, problem: Problem, settings: Settings) -> str | None:
    if settings.methods and method.name not in settings.methods and method.is_transfer():
        return "not among --methods"
    if method.name in settings.exclude:
        return "left out by --exclude"
    if problem.tasks and Asset.MANY_TARGETS not in method.needs:
        return "it is for one task, the target has several"
    if problem.is_regression and not method.regression:
        return "it is for classes, the target has values"
    if not problem.is_regression and not method.classification:
        return "it is for values, the target has classes"
    lacking = missing(method.needs, problem.offered(source))
    if lacking:
        return f"it needs {describe(lacking)}"
    named = method.always or method.name in settings.methods
    if method.libraries and settings.budget < _LOADING_PAYS and not named:
        return f"its networks need --budget {_LOADING_PAYS:g}s at least, or to be named by --methods"
    modality = problem.target.modality
    if Modality.FEATURES not in method.modalities and modality not in method.modalities:
        return f"it takes {', '.join(sorted(method.modalities))} rows, not {modality}"
    return _for_another_end(method, settings) or (None if source is None else method.refuses(source))


def _for_another_end(method: type[Method], settings: Settings) -> str | None:
    """Methods that are after a smaller model, or after the source's own task too, are tried where that is asked for."""
    named = method.name in settings.methods
    if method.trades and settings.bounds == Bounds() and not named:
        return "it makes a smaller model, not a better one: give --max-params or --max-latency, or name it by --methods"
    if method.takes_source() and not method.keeps and settings.keep_source is not None:
        return "it does not tell what it keeps of its source's own task, and --keep-source is given"
    if method.keeps and settings.keep_source is None and not named:
        return "it is to keep the source's own task too: give --keep-source, or name it by --methods"
    return None
