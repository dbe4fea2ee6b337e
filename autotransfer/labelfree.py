"""A trial on a target without labels: one fit with source rows held out, and what a validator makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from autotransfer.assets import Asset, describe, missing
from autotransfer.bench import Prepared
from autotransfer.catalogue import Catalogue
from autotransfer.checked import predict_checked
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError, PluginError
from autotransfer.method import Method
from autotransfer.metrics import Metric, metric_for
from autotransfer.predictor import Predictor
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.splits import Round, deal
from autotransfer.task import Context, Source, Task
from autotransfer.validator import Clue, LabelFree, Validator

_PARTS = 5
"""One part in five is held out; equal seeds cut the rows in the same way, and each round holds another part out."""
_LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def choose_validator(catalogue: Catalogue, settings: Settings, problem: Problem) -> Validator | None:
    """The one that ``--validator`` names, else the first that fits; None where the target's labels do that work.

    Raises ``InputError`` for an unknown name, for a validator that cannot judge such a target, and when none can.
    """
    known = catalogue.validators
    if settings.validator is not None and settings.validator not in known:
        raise InputError(f"--validator {settings.validator}: there is no such validator; there are {', '.join(known)}")
    if problem.n_labeled:
        return None
    metric = metric_for(settings.metric, regression=problem.is_regression)
    chosen = known.values() if settings.validator is None else [known[settings.validator]]
    reasons = {validator.name: unfit(validator, metric) for validator in chosen}
    for validator in chosen:
        if reasons[validator.name] is None:
            return validator
    if settings.validator is not None:
        raise InputError(f"--validator {settings.validator}: {reasons[settings.validator]}")
    raise InputError(f"{problem.name}: it has no labels, and no installed validator can judge by {metric.name}")


def unused(settings: Settings, problem: Problem) -> tuple[str, ...]:
    """A note when a validator was named and the target's labels do its work."""
    if settings.validator is None or not problem.n_labeled:
        return ()
    return (f"--validator {settings.validator}: not used, the target has labels, which say more",)


def unfit(validator: Validator, metric: Metric) -> str | None:
    """Why a validator cannot serve for a metric, in words; None when it can."""
    if not (validator.regression if metric.regression else validator.classification):
        kind, other = ("values", "classes") if metric.regression else ("classes", "values")
        return f"it is for {other}, the target has {kind}; name another or leave it out"
    if Clue.ROW_LOSSES in validator.needs and metric.row_scores is None:
        return f"it weighs rows, and {metric.name} is no mean over rows; choose another --metric or validator"
    return None


def why_not(method: type[Method], source: Source | None, validator: Validator) -> str | None:
    """Why an arm cannot be judged without target labels, in words; None when it can."""
    if source is None:
        return "without target labels a method is judged by source rows with the target's labels, and it uses no source"
    lacking = missing(_LABELED, source.offers)
    if lacking or source.data is None:
        return f"without target labels it can only be judged with {describe(lacking or Asset.SOURCE_INPUTS)}"
    if method.needs & Asset.SOURCE_HEAD:
        return "without target labels it cannot be judged: the source's head has seen the rows that would judge it"
    if Clue.FEATURES not in validator.needs or Modality.FEATURES in method.modalities:
        return None
    if method.predictor.represent is Predictor.represent:
        return f"--validator {validator.name} looks at features, and the method takes raw rows and shows none"
    return None


@dataclass(frozen=True, eq=False)
class Validated:
    """What one round found.

    :param predictions: for the unlabelled target rows.
    :param score: larger is better.
    """

    predictor: Predictor
    predictions: Array
    score: float


def validate(
    method: Method, prepared: Prepared, judges: tuple[Validator, Metric], part: Round, context: Context
) -> Validated:
    """One round: fit without a part of the source rows, then ask the validator.

    :param prepared: without labelled target rows.
    :raises PluginError: predictions or features have a wrong shape or are not finite.
    """
    validator, metric = judges
    predictor, evidence = observe(method, prepared, metric, part, context, features=Clue.FEATURES in validator.needs)
    return Validated(predictor, evidence.target_predictions, float(validator.score(evidence)))


def observe(
    method: Method, prepared: Prepared, metric: Metric, part: Round, context: Context, *, features: bool = True
) -> tuple[Predictor, LabelFree]:
    """Fit a method without a part of the source rows; the model, and what may be known of it.

    :param features: whether features are wanted.
    :raises PluginError: as :func:`validate`.
    """
    task, source = prepared.task, prepared.source
    if source is None or task.unlabeled is None:
        raise TypeError("judging without target labels needs source rows and unlabelled target rows")
    held = hold_out(source.rows, task.n_classes, part)
    known, unseen = source.rows.take(~held), source.rows.take(held)
    there = replace(source, offers=source.offers & ~Asset.SOURCE_HEAD, data=known, head=None)
    predictor = method.fit(task, there, context)
    sides = ((predictor.for_source(), known), (predictor.for_source(), unseen), (predictor, task.unlabeled))
    known_features, held_features, target_features = (
        _features(method, model, rows) if features else np.empty((len(rows), 0)) for model, rows in sides
    )

    def refit(labeled: Dataset, unlabeled: Dataset, rows: Dataset) -> Array:
        return _refit(method, (task, there), labeled, unlabeled.without_labels(), rows, context)

    return predictor, LabelFree(
        known=known,
        held=unseen,
        target=task.unlabeled,
        held_predictions=predict_checked(method, predictor.for_source(), unseen, task.n_classes),
        target_predictions=predict_checked(method, predictor, task.unlabeled, task.n_classes),
        known_features=known_features,
        held_features=held_features,
        target_features=target_features,
        n_classes=task.n_classes,
        metric=metric,
        seed=context.seed,
        refit=refit,
    )


def hold_out(rows: Dataset, n_classes: int, part: Round) -> Array:
    """Which rows are held out, bool (n,): a fifth of each domain and class, more of small ones so that two classes
    appear on both sides wherever a domain has two rows of each."""
    held = np.zeros(len(rows), dtype=bool)
    domains = [np.arange(len(rows))]
    if rows.domain is not None:
        domains = [np.flatnonzero(rows.domain == label) for label in np.unique(rows.domain)]
    for domain in domains:
        if len(domain) > 1:
            y = rows.labels[domain]
            parts = _parts(y, n_classes)
            held[domain] = deal(y, parts, classes=n_classes > 0, seed=part.seed) == part.index % parts
    return held


def _parts(y: Array, n_classes: int) -> int:
    """As many parts as leave a row of two classes in each, between 2 and 5."""
    second = np.sort(np.bincount(y, minlength=n_classes))[-2] if n_classes else len(y)
    return int(np.clip(second, 2, min(_PARTS, len(y))))


def _refit(
    method: Method, given: tuple[Task, Source], labeled: Dataset, unlabeled: Dataset, rows: Dataset, context: Context
) -> Array:
    task, source = given
    if source.rows.captions is not None:  # what is known of such rows in words is what class they are taken for
        labeled = replace(labeled, captions=np.array(task.classes, dtype=object)[labeled.labels])
    back = replace(source, name=labeled.name, data=labeled)
    task = replace(task, train=unlabeled.take(np.arange(0)), unlabeled=unlabeled, validation=None)
    # An empty labelled part keeps labels of the right kind.
    task = replace(task, train=replace(task.train, y=labeled.labels[:0]))
    return predict_checked(method, method.fit(task, back, context), rows, task.n_classes)


def _features(method: Method, predictor: Predictor, rows: Dataset) -> Array:
    if rows.modality is not Modality.FEATURES and type(predictor).represent is Predictor.represent:
        raise PluginError(f"{method.name}: its model of {rows.modality} rows shows no features to judge it by")
    found = np.asarray(predictor.represent(rows.without_labels()), dtype=np.float64)
    if found.ndim != 2 or len(found) != len(rows):
        raise PluginError(f"{method.name}: represent gave shape {found.shape}, it must be ({len(rows)}, d)")
    if not np.isfinite(found).all():
        raise PluginError(f"{method.name}: its features are not finite; lower its step size or scale its inputs")
    return found
