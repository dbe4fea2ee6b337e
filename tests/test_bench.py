"""What an encoder may learn from, and the rows that reach a method, told apart by an id in each row."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.assets import Asset
from autotransfer.bench import Bench, prepare
from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.features import FeatureCache
from autotransfer.method import Method
from autotransfer.metrics import METRICS
from autotransfer.problem import Problem
from autotransfer.splits import make_split
from autotransfer.task import Source
from autotransfer.thin import MOST_ROWS

TARGET, UNLABELED, SOURCE = 0, 10_000, 20_000


def dataset(name: str, first: int, n: int, *, labeled: bool = True) -> Dataset:
    """Rows whose first feature is their id, from ``first`` on."""
    X = np.column_stack([np.arange(first, first + n), np.ones(n)]).astype(np.float32)
    return Dataset(name, Modality.FEATURES, X, np.arange(n) % 2 if labeled else None)


def ids(data: Dataset | None) -> set[int]:
    return set() if data is None else set(np.asarray(data.inputs)[:, 0].astype(int))


@dataclass(frozen=True)
class Doubled(FittedEncoder):
    def transform(self, data):
        return np.asarray(data.inputs) * 2

    def state(self):
        return {}


@dataclass(frozen=True)
class Spy(Encoder):
    """Doubles; notes the rows that it learned from."""

    name: ClassVar[str] = "spy"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "none"

    def __post_init__(self):
        object.__setattr__(self, "seen", [])  # no field, so no part of the configuration

    def fit(self, data):
        self.seen.append(data)
        return Doubled()

    def restore(self, state):
        return Doubled()


class Declared(Method):
    """Only its declaration matters here."""

    reference: ClassVar[str] = "none"

    def fit(self, task, source, ctx):
        raise AssertionError("no method is fitted in these tests")

    @classmethod
    def suggest(cls, suggest):
        return cls()


class Alone(Declared):
    name: ClassVar[str] = "alone"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS


class Helped(Declared):
    name: ClassVar[str] = "helped"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS


class Raw(Declared):
    name: ClassVar[str] = "raw"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.TABLE})


def bench_of(n: int = 60, unlabeled: int = 7, source: int = 40, encoder: Encoder | None = None) -> tuple[Bench, Spy]:
    spy = Spy()
    more = dataset("unlabeled", UNLABELED, unlabeled, labeled=False) if unlabeled else None
    given_ = Source(
        "s", Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS, dataset("s", SOURCE, source), ("a", "b"), encoder=encoder
    )
    problem = Problem("p", dataset("t", TARGET, n), ("a", "b"), (given_,), more)
    return Bench(problem, {"spy": spy}, FeatureCache(None), METRICS["accuracy"]), spy


@pytest.mark.parametrize("method", [Alone, Helped])
@pytest.mark.parametrize("n", [23, 60, 1600])
def test_an_encoder_learns_from_no_row_that_is_scored_or_confirmed(method, n):
    """fit rows = train + unlabelled (+ source, for methods that are given one); nothing else, in every fold."""
    bench, spy = bench_of(n)
    split = make_split(bench.problem.target.labels, classes=True, seed=3)
    source = "s" if method.is_transfer() else None
    for fold in split.folds:
        spy.seen.clear()
        prepared = prepare(bench, method, bench.source(source, whole=True), "spy", (fold.train, fold.score))
        (learned,) = spy.seen
        assert learned.y is None
        expected = set(fold.train) | ids(bench.problem.unlabeled)
        if method.is_transfer():
            expected |= ids(bench.problem.sources[0].data)
        assert ids(learned) == expected == ids(prepared.fit_rows)
        assert not ids(learned) & (set(fold.score) | set(split.confirm))


@pytest.mark.parametrize("encoder", ["spy", None])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), n_train=st.integers(0, 40), n_score=st.integers(0, 20))
def test_a_method_is_given_its_training_rows_and_no_others(encoder, seed, n_train, n_score):
    """In the order asked for, with their labels, all in one form; the scored rows stay apart."""
    bench, _ = bench_of()
    order = np.random.default_rng(seed).permutation(60)
    train, score = order[:n_train], order[n_train : n_train + n_score]
    prepared = prepare(bench, Helped if encoder else Raw, bench.source("s", whole=True), encoder, (train, score))
    factor = 2 if encoder else 1
    for data, rows in ((prepared.task.train, train), (prepared.score, score)):
        np.testing.assert_array_equal(np.asarray(data.inputs)[:, 0], factor * rows)
        np.testing.assert_array_equal(data.y, rows % 2)
    assert ids(prepared.task.unlabeled) == {factor * row for row in ids(bench.problem.unlabeled)}
    assert prepared.task.unlabeled.y is None
    assert ids(prepared.source.data) == {factor * row for row in ids(bench.problem.sources[0].data)}
    assert prepared.task.validation is None
    assert (prepared.encoder is None) == (encoder is None)


def test_a_method_without_source_is_given_none():
    bench, _ = bench_of()
    assert prepare(bench, Alone, None, "spy", (np.arange(40), np.arange(40, 60))).source is None


@pytest.mark.parametrize(("source", "large"), [(999, False), (1000, True), (1999, True)])
def test_beside_a_large_source_one_encoding_serves_every_fold(source, large):
    """Large: 1000 rows and ten times the target's. Then no training row is learned from, and the encoder fits once."""
    bench, spy = bench_of(60, 7, source)
    for fold in make_split(bench.problem.target.labels, classes=True, seed=0).folds:
        prepare(bench, Helped, bench.source("s", whole=True), "spy", (fold.train, fold.score))
    learned = [ids(data) & set(range(60)) for data in spy.seen]
    assert len(spy.seen) == (1 if large else 5)
    assert all((not rows) is large for rows in learned)


def test_ten_times_the_target_counts_for_large_targets():
    bench, spy = bench_of(150, 0, 1499)
    prepare(bench, Helped, bench.source("s", whole=True), "spy", (np.arange(100), np.arange(100, 150)))
    assert ids(spy.seen[0]) >= set(range(100))


def test_a_pretrained_encoder_replaces_the_named_one():
    own = Spy()
    bench, spy = bench_of(encoder=own)
    prepared = prepare(bench, Helped, bench.source("s", whole=True), "spy", (np.arange(40), np.arange(40, 60)))
    assert prepared.encoder is own
    assert len(own.seen) == 1
    assert not spy.seen


def test_inputs_stay_as_they_were_and_a_copy_in_a_worker_gives_the_same_rows():
    bench, _ = bench_of()
    before = bench.problem.target.digest
    rows = (np.arange(40), np.arange(40, 60))
    here = prepare(bench, Helped, bench.source("s", whole=True), "spy", rows)
    copy = pickle.loads(pickle.dumps(bench))  # noqa: S301 - what a worker does
    there = prepare(copy, Helped, copy.source("s", whole=True), "spy", rows)
    np.testing.assert_array_equal(here.task.train.X, there.task.train.X)
    np.testing.assert_array_equal(here.score.X, there.score.X)
    assert Dataset("t", Modality.FEATURES, np.asarray(bench.problem.target.inputs)).digest == before
    with pytest.raises(ValueError, match="read-only"):
        here.source.data.X[0] = 7


def test_trials_take_fewer_rows_of_a_huge_source_and_the_shipped_model_all():
    """Both forms are encoded by what each of them has to learn from."""
    bench, spy = bench_of(60, 0, MOST_ROWS + 500)
    rows = (np.arange(40), np.arange(40, 60))
    for whole, size in ((False, MOST_ROWS), (True, MOST_ROWS + 500)):
        spy.seen.clear()
        prepared = prepare(bench, Helped, bench.source("s", whole=whole), "spy", rows)
        assert len(prepared.source.data) == len(spy.seen[0]) == size
    assert bench.source("s", whole=False) is bench.source("s", whole=False)


def test_a_source_in_other_columns_is_encoded_by_itself():
    """The target's encoder learns from the target alone, the source's from the source alone; widths stay apart."""
    bench, spy = bench_of(60, 7, 0)
    offers = Asset.OTHER_COLUMNS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    wide = dataset("w", SOURCE, 40)
    wide = wide.with_inputs(np.column_stack([wide.X, wide.X]))
    prepared = prepare(bench, Helped, Source("w", offers, wide, ("a", "b")), "spy", (np.arange(40), np.arange(40, 60)))
    assert [data.X.shape for data in spy.seen] == [(47, 2), (40, 4)]
    assert prepared.source.data.X.shape == (40, 4)
    assert prepared.task.train.X.shape == (40, 2)
    assert ids(prepared.fit_rows) == set(range(40)) | ids(bench.problem.unlabeled)
