"""AfriSenti: which source language helps a target language, of which no label is looked at (Muhammad et al., 2023)."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from autotransfer_crosslingual import relatedness_estimators

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Context, Source, Task

SOURCES = ("amh", "arq", "ary", "hau", "ibo", "kin", "pcm", "por", "swa", "tso", "twi", "yor")
TARGETS = (*SOURCES, "orm", "tir")
"""The last two have no training part."""
CLASSES = ("negative", "neutral", "positive")

Table = Mapping[tuple[str, str], float]
"""(source, target) -> a value."""


@lru_cache(maxsize=64)
def rows(data: Path, language: str, part: str, most: int) -> Dataset:
    """At most so many tweets of a part, by lot."""
    with gzip.open(data / "afrisenti" / f"{language}_{part}.tsv.gz", "rt", encoding="utf-8", errors="replace") as file:
        cells = [line.rstrip("\n").split("\t") for line in file][1:]
    kept = [(row[-2], row[-1].strip()) for row in cells if len(row) >= 2 and row[-1].strip() in CLASSES]
    chosen = [kept[n] for n in np.sort(np.random.default_rng(0).permutation(len(kept))[:most])]
    texts = np.array([text for text, _ in chosen], dtype=object)
    return Dataset(language, Modality.TEXT, texts, np.array([CLASSES.index(label) for _, label in chosen]))


def transfers(data: Path, most: int) -> dict[tuple[str, str], float]:
    """Macro F1 on test tweets of the target, of a model of the source alone: character n-grams by TF-IDF and a
    logistic regression with classes of equal weight. The target's labels are read here and nowhere else."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_pipeline

    found = {}
    for source in SOURCES:
        known = rows(data, source, "train", most)
        grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, max_features=30_000)
        logistic = LogisticRegression(C=5.0, class_weight="balanced", max_iter=1000, tol=1e-3)
        model = make_pipeline(grams, logistic).fit(known.inputs, known.labels)
        for target in TARGETS:
            test = rows(data, target, "test", most // 2)
            named = model.predict(test.inputs)
            found[source, target] = float(f1_score(test.labels, named, average="macro", zero_division=0.0))
        print(f"transfer from {source}", file=sys.stderr, flush=True)
    return found


def likenesses(data: Path, most: int) -> dict[str, dict[tuple[str, str], float]]:
    """Estimator -> value of each pair, larger meaning more alike; of the target its unlabelled ``dev`` tweets alone."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for estimator in relatedness_estimators():
        sign = 1.0 if estimator.higher_is_better else -1.0
        values = {}
        for target in TARGETS:
            texts = rows(data, target, "dev", most // 2).without_labels()
            task = Task(replace(texts, y=np.zeros(len(texts), np.int64)).take(np.arange(0)), CLASSES, None, texts)
            for name in SOURCES:
                source = Source(name, Asset.SOURCE_INPUTS, rows(data, name, "train", most), CLASSES)
                values[name, target] = sign * estimator.estimate(task, source, Context())
        found[estimator.name] = values
        print(f"estimated {estimator.name}", file=sys.stderr, flush=True)
    return found


def others(target: str) -> list[str]:
    """The sources for a target."""
    return [source for source in SOURCES if source != target]


def regrets(scores: Table, choice: Mapping[str, str]) -> Array:
    """Of each target in order: the best source's score less the chosen one's."""
    return np.array([max(scores[s, t] for s in others(t)) - scores[choice[t], t] for t in TARGETS])


def random_regrets(scores: Table) -> Array:
    """The same in the mean over all sources."""
    return np.array(
        [max(scores[s, t] for s in others(t)) - float(np.mean([scores[s, t] for s in others(t)])) for t in TARGETS]
    )


def by_one(values: Table) -> dict[str, str]:
    """Target -> the source with the largest value."""
    return {t: max(others(t), key=lambda s: values[s, t]) for t in TARGETS}


def by_past(scores: Table) -> dict[str, str]:
    """Target -> the source that was best for the other targets, whatever the target is."""

    def past(source: str, target: str) -> float:
        seen = [t for t in TARGETS if t not in (source, target)]
        return float(np.mean([scores[source, t] - np.mean([scores[s, t] for s in others(t)]) for t in seen]))

    return {t: max(others(t), key=lambda s: past(s, t)) for t in TARGETS}


def by_ridge(scores: Table, values: Mapping[str, Table], penalty: float = 1.0) -> dict[str, str]:
    """Target -> the source that a ridge regression of scores on all estimates expects most of, fitted on the other
    targets and on sources other than the target; everything is centred within a target."""
    return {t: max(others(t), key=lambda s: _expected(scores, values, penalty, t)[s]) for t in TARGETS}


def _expected(scores: Table, values: Mapping[str, Table], penalty: float, target: str) -> dict[str, float]:
    blocks, wanted = [], []
    for seen in TARGETS:
        if seen != target:
            sources = [s for s in others(seen) if s != target]
            X = np.array([[column[s, seen] for column in values.values()] for s in sources])
            y = np.array([scores[s, seen] for s in sources])
            blocks.append(X - X.mean(axis=0))
            wanted.append(y - y.mean())
    X, y = np.concatenate(blocks), np.concatenate(wanted)
    spread = np.maximum(X.std(axis=0), 1e-12)
    Z = X / spread
    weights = np.linalg.solve(Z.T @ Z + penalty * np.eye(Z.shape[1]), Z.T @ y) / spread
    return {s: float(np.dot(weights, [column[s, target] for column in values.values()])) for s in others(target)}
