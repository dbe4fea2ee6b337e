"""``autotransfer methods``: what is installed, and what one method or estimator needs and can be set to."""

from __future__ import annotations

import argparse
import inspect
from typing import TYPE_CHECKING, Any

from autotransfer.cli import options, streams
from autotransfer.commands import Command

if TYPE_CHECKING:
    from autotransfer.catalogue import Catalogue
    from autotransfer.method import Method
    from autotransfer.relatedness import RelatednessEstimator
    from autotransfer.report import Report
    from autotransfer.validator import Validator


def configure(parser: argparse.ArgumentParser) -> None:
    """An optional name."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a method, a relatedness estimator or a validator")
    options.add_json(parser)


def execute(args: argparse.Namespace) -> int:
    """List everything, or describe one."""
    from autotransfer.plugins import load_catalogue
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text

    with streams.kept_clean():
        catalogue = load_catalogue()
        facts = _everything(catalogue) if args.name is None else _one(catalogue, args.name)
    if args.json:
        streams.answer(to_text(facts))
    else:
        streams.answer(render_text(_list(facts) if args.name is None else _page(facts)))
    return 0


def _everything(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    return {
        "methods": [_method(catalogue, method) for method in catalogue.methods.values()],
        "estimators": [_estimator(catalogue, estimator) for estimator in catalogue.estimators.values()],
        "validators": [_validator(catalogue, validator) for validator in catalogue.validators.values()],
    }


def _one(catalogue: Catalogue, name: str) -> dict[str, Any]:
    estimator = catalogue.estimators.get(name)
    if estimator is not None and name not in catalogue.methods:
        return _estimator(catalogue, estimator)
    validator = catalogue.validators.get(name)
    if validator is not None and name not in catalogue.methods:
        return _validator(catalogue, validator)
    return _method(catalogue, catalogue.method(name))


def _method(catalogue: Catalogue, method: type[Method]) -> dict[str, Any]:
    from autotransfer.assets import describe

    return {
        "name": method.name,
        "kind": "method",
        "description": _first_sentence(method),
        "transfer": method.is_transfer(),
        "needs": describe(method.needs),
        "uses": describe(method.uses),
        "modalities": sorted(method.modalities),
        "targets": _targets(method),
        "settings": method().params(),
        "reference": method.reference,
        "plugin": catalogue.owners[f"method:{method.name}"],
    }


def _estimator(catalogue: Catalogue, estimator: RelatednessEstimator) -> dict[str, Any]:
    from autotransfer.assets import describe

    return {
        "name": estimator.name,
        "kind": "relatedness estimator",
        "description": _first_sentence(type(estimator)),
        "meaning": estimator.meaning,
        "better": "higher" if estimator.higher_is_better else "lower",
        "unit": estimator.unit,
        "cost": estimator.cost,
        "needs": describe(estimator.needs),
        "targets": _targets(estimator),
        "reference": estimator.reference,
        "plugin": catalogue.owners[f"estimator:{estimator.name}"],
    }


def _validator(catalogue: Catalogue, validator: Validator) -> dict[str, Any]:
    from dataclasses import asdict

    from autotransfer.validator import describe

    known = {
        kind: asdict(found)
        for kind, regression in (("classes", False), ("values", True))
        if (found := validator.known_error(regression=regression)) is not None
    }
    return {
        "name": validator.name,
        "kind": "validator",
        "description": _first_sentence(type(validator)),
        "meaning": validator.meaning,
        "better": "higher" if validator.higher_is_better else "lower",
        "unit": validator.unit,
        "cost": validator.cost,
        "needs": describe(validator.needs),
        "targets": _targets(validator),
        "known error": known,
        "reference": validator.reference,
        "plugin": catalogue.owners[f"validator:{validator.name}"],
    }


def _targets(declared: type[Method] | RelatednessEstimator | Validator) -> list[str]:
    kinds = (("classes", declared.classification), ("values", declared.regression))
    return [word for word, holds in kinds if holds]


def _first_sentence(cls: type) -> str:
    paragraph = " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())
    return paragraph.replace("``", "")


def _list(facts: dict[str, list[dict[str, Any]]]) -> Report:
    from autotransfer.report import Report, Section, Table

    methods = tuple(
        (item["name"], item["needs"], ", ".join(item["modalities"]), ", ".join(item["targets"]), item["plugin"])
        for item in facts["methods"]
    )
    estimators = tuple((item["name"], item["better"], item["needs"], item["plugin"]) for item in facts["estimators"])
    validators = tuple(
        (item["name"], item["needs"], ", ".join(item["targets"]), item["plugin"]) for item in facts["validators"]
    )
    sections = (
        Section("Methods", (), (Table(("name", "needs", "modalities", "targets", "plugin"), methods),)),
        Section("Relatedness estimators", (), (Table(("name", "better", "needs", "plugin"), estimators),)),
        Section("Validators", (), (Table(("name", "needs", "targets", "plugin"), validators),)),
    )
    headline = (
        f"{len(methods)} methods, {len(estimators)} relatedness estimators, {len(validators)} validators; autotransfer "
        "methods NAME tells more."
    )
    return Report("autotransfer: methods", headline, sections)


def _page(facts: dict[str, Any]) -> Report:
    from autotransfer.report import Report
    from autotransfer.report.background import facts as section

    shown = {key: value for key, value in facts.items() if key not in {"name", "kind", "description", "settings"}}
    sections = [section("Declaration", shown)]
    if facts.get("settings"):
        sections.append(section("Settings and their defaults", facts["settings"]))
    return Report(f"{facts['name']} ({facts['kind']})", facts["description"], tuple(sections))


COMMAND = Command("methods", "what is installed: needs, modalities, settings, reference, plugin", configure, execute)
