"""Turn a matched problem into a search space and the bench that trials run on."""

from __future__ import annotations

from dataclasses import replace

from autotransfer.bench import Bench
from autotransfer.catalogue import Catalogue
from autotransfer.data import Modality
from autotransfer.devices import check_device
from autotransfer.errors import InputError
from autotransfer.features import FeatureCache, default_folder
from autotransfer.labelfree import choose_validator, why_not
from autotransfer.loan import why_not as why_not_lent
from autotransfer.many import metric_of
from autotransfer.match import match
from autotransfer.method import RAW
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.space import Space
from autotransfer.trial import Arm, Skipped


def equip(problem: Problem, catalogue: Catalogue, settings: Settings, skipped: list[Skipped]) -> tuple[Space, Bench]:
    """Eligible arms with the encoders that take their rows, and a bench without the test rows.

    Arms that cannot run, or that nothing could judge, are appended to ``skipped``. Raises ``InputError`` when none is
    left, and when there is no such device.
    """
    check_device(settings.device)
    validator = choose_validator(catalogue, settings, problem)
    arms, unfit = match(problem, catalogue.methods, settings)
    skipped += unfit
    fitting: dict[Arm, tuple[str, ...]] = {}
    for arm in arms:
        names, wanting = _encoders(problem, catalogue, arm)
        reason = f"no installed encoder takes its {problem.target.modality} rows" if wanting else None
        if validator is not None:
            reason = reason or why_not(catalogue.methods[arm.method], problem.source(arm.source), validator)
        reason = reason or why_not_lent(problem, problem.source(arm.source), catalogue.methods[arm.method])
        if reason is None:
            fitting[arm] = names
        else:
            skipped.append(Skipped(arm.method, arm.source, reason))
    if not fitting:
        raise InputError(f"{problem.name}: no method can run here; the first reason: {_first(skipped)}")
    if settings.keep_source is not None and not any(catalogue.methods[arm.method].keeps for arm in fitting):
        raise InputError(f"--keep-source: no method can keep to it here; {_why_none(skipped, catalogue)}; leave it out")
    metric = metric_of(problem, settings.metric)
    encoders = {encoder.name: encoder for encoder in catalogue.encoders}
    cache = FeatureCache(default_folder())
    bench = Bench(replace(problem, test=None), encoders, cache, metric, settings.device, validator)
    return Space(tuple(fitting), catalogue.methods, fitting), bench


def _encoders(problem: Problem, catalogue: Catalogue, arm: Arm) -> tuple[tuple[str, ...], bool]:
    """Names of encoders for an arm, ``RAW`` among them, and whether it needs one and has none."""
    source = problem.source(arm.source)
    brings_own = source is not None and source.encoder is not None
    if brings_own or Modality.FEATURES not in catalogue.methods[arm.method].modalities:
        return (), False
    raw = (RAW,) if problem.target.modality in catalogue.methods[arm.method].modalities - {Modality.FEATURES} else ()
    parts = [problem.target, *([source.data] if source is not None and source.data is not None else [])]
    names = (*raw, *(e.name for e in catalogue.encoders if not any(e.refuses(part) for part in parts)))
    return names, not names


def _why_none(skipped: list[Skipped], catalogue: Catalogue) -> str:
    """Of the methods that tell what they keep, the first reason."""
    able = {name for name, method in catalogue.methods.items() if method.keeps}
    reasons = [row for row in skipped if row.method in able]
    return _first(reasons) if reasons or not able else "there is no source"


def _first(skipped: list[Skipped]) -> str:
    return f"{skipped[0].method}: {skipped[0].reason}" if skipped else "no method is installed"
