"""The conformance kit for methods: one generator of checks, run at once or as pytest parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from autotransfer import config
from autotransfer.assets import Asset, describe
from autotransfer.data import Modality
from autotransfer.method import Method
from autotransfer.testing import behaviour
from autotransfer.testing.check import Check, require, with_exemptions
from autotransfer.testing.declaration import declaration, method_declaration, round_trip, settings
from autotransfer.testing.laboratory import Laboratory, modality_of
from autotransfer.testing.paired import paired
from autotransfer.testing.parameters import parametrize
from autotransfer.testing.problems import ToyProblem, large, toy_problems
from autotransfer.testing.space import Answers, corners
from autotransfer.testing.subtasks import many_tasks
from autotransfer.testing.tongues import other_language
from autotransfer.testing.unseen import unseen_classes

_UNSEEN = Asset.PRETRAINED | Asset.TRAINABLE | Asset.MANY_TARGETS | Asset.UNSEEN_CLASSES
"""Assets without another content among the toy problems; an encoder has done its work before a method sees the rows."""

_UNLABELED = "no_target_labels"
"""The toy problem whose target has no labels."""

_PER_SAMPLE: tuple[Callable[[Laboratory, ToyProblem], None], ...] = (
    behaviour.few_rows,
    behaviour.inputs_unmodified,
    behaviour.deterministic,
    behaviour.assets_suffice,
    behaviour.reports,
    behaviour.saves_and_loads,
    behaviour.distrusts_state,
    behaviour.settings_fit,
    behaviour.follows_device,
)
"""Promises where the kind of shift does not matter: tried with classes and with values."""


def check_method(
    method: type[Method],
    *,
    exempt: Mapping[str, str] | None = None,
    problems: Sequence[ToyProblem] | None = None,
) -> None:
    """Raise ``ConformanceError`` at the first promise that the method breaks; its message says how to mend it.

    :param exempt: check name, or ``name[case]``, -> why the promise cannot hold.
    :param problems: in place of the toy problems, for methods whose assets these do not offer.
    """
    for check in method_checks(method, exempt=exempt, problems=problems):
        check()


def method_checks(
    method: type[Method],
    *,
    exempt: Mapping[str, str] | None = None,
    problems: Sequence[ToyProblem] | None = None,
    short: Method | None = None,
) -> Iterator[Check]:
    """The checks of one method, to be run in order. Arguments as in :func:`check_method`.

    :param short: settings with which it is quicker, for those promises that are no matter of quality.
    """
    name = str(getattr(method, "name", None) or getattr(method, "__name__", method))
    try:
        declaration("method", method)
        method_declaration(method)
    except Exception:
        yield from _static(name, method)  # the first of these says what is wrong; nothing else can run
        return
    given = tuple(problems) if problems is not None else toy_problems(modality_of(method))
    laboratory = Laboratory(method, given, short)
    yield from with_exemptions([*_static(name, method), *_on_problems(name, laboratory)], exempt or {})


def _static(name: str, method: type[Method]) -> list[Check]:
    def declared() -> None:
        declaration("method", method)
        method_declaration(method)

    return [
        Check(name, "declaration", declared),
        Check(name, "settings", partial(settings, method)),
        Check(name, "suggest_names", partial(_suggest_names, method)),
        Check(name, "suggest_defaults", partial(_suggest_defaults, method)),
        Check(name, "json_round_trip", partial(_round_trips, method)),
    ]


def _on_problems(name: str, laboratory: Laboratory) -> Iterator[Check]:
    yield Check(name, "toy_problems", partial(_has_problems, laboratory))
    for problem in laboratory.problems:
        skip = laboratory.refusal(problem)
        yield Check(name, "outputs", partial(behaviour.outputs, laboratory, problem), problem.name, skip)
        if problem.floor is not None:
            yield Check(name, "beats_chance", partial(behaviour.beats_chance, laboratory, problem), problem.name, skip)
        if problem.name == _UNLABELED:
            body = partial(behaviour.knows_its_source, laboratory, problem)
            yield Check(name, "knows_its_source", body, problem.name, skip or _no_features(laboratory))
    for problem in laboratory.samples:
        for promise in _PER_SAMPLE:
            yield Check(name, promise.__name__, partial(promise, laboratory, problem), problem.name)
        yield _absent_class(name, laboratory, problem)
        yield _in_time(name, laboratory, problem)
    for asset in laboratory.method.needs | laboratory.method.uses:
        skip = "no toy problem holds another one" if asset in _UNSEEN else None
        yield Check(name, "assets_used", partial(behaviour.assets_used, laboratory, asset), str(asset.name), skip)


def _no_features(laboratory: Laboratory) -> str | None:
    known = Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    if laboratory.method.needs & known != known:
        return "it needs no source with the target's labels"
    return None if modality_of(laboratory.method) is Modality.FEATURES else "its rows cannot be moved"


def _absent_class(name: str, laboratory: Laboratory, problem: ToyProblem) -> Check:
    skip = None if problem.task.n_classes else "values have no classes"
    if not len(problem.task.train):
        skip = "the problem has no target labels"
    return Check(name, "absent_class", partial(behaviour.absent_class, laboratory, problem), problem.name, skip)


def _in_time(name: str, laboratory: Laboratory, problem: ToyProblem) -> Check:
    many = large(problem.test.modality, regression=problem.task.is_regression)
    if problem.only_for & Asset.UNSEEN_CLASSES:
        many = unseen_classes(2000)
    if problem.only_for & Asset.MANY_TARGETS:
        many = many_tasks(2000)
    if problem.only_for & Asset.PAIRS:
        many = paired(problem.test.modality, 3000)
    if problem.only_for & Asset.OTHER_LANGUAGE:
        many = other_language(2000)
    body = partial(behaviour.stops_in_time, laboratory, many)
    return Check(name, "stops_in_time", body, problem.name, laboratory.refusal(many))


def _has_problems(laboratory: Laboratory) -> None:
    needs = describe(laboratory.method.needs)
    words = f"no toy problem offers {needs}: pass problems=[ToyProblem(...)], see autotransfer.testing.problems"
    require(laboratory.fitting, words)


def _suggest_names(method: type[Method]) -> None:
    """Whatever is asked by a name reaches the field of that name."""
    for instance, values in corners(method):
        flat = config.flatten(instance)
        for name, value in values.items():
            fields = ", ".join(sorted(flat))
            require(name in flat, f"suggest asks for {name!r}, which is no field: use one of {fields}")
            words = f"suggest asked for {name} and got {value!r}, but the field holds {flat[name]!r}: pass it on"
            require(_equal(flat[name], value), words)


def _suggest_defaults(method: type[Method]) -> None:
    """The defaults lie in the search space: answered with them, ``suggest`` gives the default instance."""
    default = method()
    found = method.suggest(Answers(config.flatten(default)))
    words = (
        f"answered with the defaults, suggest gives {found}, not {default}: let ranges and choices hold the defaults"
    )
    require(found == default, words)


def _round_trips(method: type[Method]) -> None:
    for instance, _ in corners(method):
        round_trip(instance)


def _equal(held: Any, given: Any) -> bool:
    return bool(held == given)


def parametrize_methods(methods: Sequence[type[Method]], exempt: Mapping[str, Mapping[str, str]] | None = None) -> Any:
    """Decorate a test of one argument, ``check``, to run every check of every method: ``def test(check): check()``.

    :param exempt: method name -> check name -> reason.
    """
    reasons = exempt or {}
    names = {method.name for method in methods}
    unknown = sorted(set(reasons) - names)
    if unknown:
        raise ValueError(f"exemptions for {unknown[0]!r}, which is not among the methods: {', '.join(sorted(names))}")
    return parametrize(
        [check for method in methods for check in method_checks(method, exempt=reasons.get(method.name))]
    )
