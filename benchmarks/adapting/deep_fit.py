"""One method on one pair: fitted without a part of the source rows, judged by the validator and by the test rows. Runs
in worker processes, which load a pair once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from autotransfer.assets import Asset
from autotransfer.bench import Bench, prepare
from autotransfer.catalogue import Catalogue
from autotransfer.data import Array, Dataset, Modality
from autotransfer.features import FeatureCache, default_folder
from autotransfer.labelfree import choose_validator, observe
from autotransfer.method import RAW
from autotransfer.metrics import metric_for
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.splits import Round
from autotransfer.task import Context, Source
from autotransfer.validator import Validator
from benchmarks.adapting.deep_pairs import PAIRS, DeepPair
from benchmarks.tasks.rows import Rows

_ENCODER = {"image": RAW, "text": "tfidf"}
_OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@dataclass(frozen=True)
class Fit:
    """What to fit, with its defaults."""

    pair: str
    method: str
    seed: int


@dataclass(frozen=True)
class Given:
    """What all fits share."""

    data: Path
    quick: bool


@dataclass(frozen=True)
class Fitted:
    """:param accuracy: on the target's test rows. :param score: the validator's. :param seconds: of both."""

    fit: Fit
    accuracy: float
    score: float
    seconds: float


@dataclass(frozen=True, eq=False)
class _Loaded:
    catalogue: Catalogue
    bench: Bench
    test: Dataset
    validator: Validator


def fit_one(given: Given, fit: Fit) -> Fitted:
    """Fit, ask the default validator, and score on the test rows, which nothing before has seen."""
    begin = time.monotonic()
    loaded = _load(given, fit.pair, fit.seed)
    bench, method = loaded.bench, loaded.catalogue.methods[fit.method]()
    nothing = np.empty(0, np.int64)
    encoder = _ENCODER[_pair(fit.pair).kind]
    ready = prepare(bench, type(method), bench.problem.sources[0], encoder, (nothing, nothing))
    predictor, evidence = observe(method, ready, bench.metric, Round(fit.seed, 0), Context(fit.seed))
    score = float(loaded.validator.score(evidence))
    test = loaded.test
    if ready.encoder is not None and ready.fit_rows is not None:
        test = test.with_inputs(bench.cache.encode(ready.encoder, ready.fit_rows, test))
    found = predictor.predict(test.without_labels()).argmax(axis=1)
    return Fitted(fit, float(np.mean(found == test.labels)), score, time.monotonic() - begin)


def default_validator(given: Given) -> str:
    """Its name."""
    return _load(given, PAIRS[0].name, 0).validator.name


@lru_cache(maxsize=1)
def _load(given: Given, pair: str, seed: int) -> _Loaded:
    from autotransfer.plugins import load_catalogue

    catalogue = load_catalogue()
    kind = _pair(pair).kind
    source, target, test = _pair(pair).rows(given.data, seed, quick=given.quick)
    classes = tuple(str(label) for label in np.unique(source.y))
    labeled = _dataset("source", source, kind, classes)
    unlabeled = _dataset("target", target, kind, classes).without_labels()
    nobody = _dataset("labelled target", target.take(np.arange(0)), kind, classes)
    sources = (Source("source", _OFFERS, labeled, classes),)
    problem = Problem(pair, nobody, classes, sources, unlabeled)
    metric = metric_for("accuracy", regression=False)
    validator = choose_validator(catalogue, Settings(), problem)
    if validator is None:
        raise RuntimeError("a target without labels has a validator")
    encoders = {encoder.name: encoder for encoder in catalogue.encoders}
    bench = Bench(problem, encoders, FeatureCache(default_folder()), metric)
    return _Loaded(catalogue, bench, _dataset("test", test, kind, classes), validator)


def _pair(name: str) -> DeepPair:
    return next(pair for pair in PAIRS if pair.name == name)


def _dataset(name: str, rows: Rows, kind: str, classes: tuple[str, ...]) -> Dataset:
    inputs = rows.inputs if isinstance(rows.inputs, np.ndarray) else rows.inputs.iloc[:, 0].to_numpy(dtype=object)
    y: Array = np.array([classes.index(str(label)) for label in rows.y], dtype=np.int64)
    return Dataset(name, Modality.IMAGE if kind == "image" else Modality.TEXT, inputs, y)
