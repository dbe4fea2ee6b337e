from __future__ import annotations

import multiprocessing
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import PluginError
from autotransfer.features import FeatureCache, default_folder
from autotransfer.state import State

CALLS: list[str] = []


@dataclass(frozen=True, eq=False)
class Shifted(FittedEncoder):
    shift: Array

    def transform(self, data: Dataset) -> Array:
        CALLS.append("transform")
        return (data.X - self.shift).astype(np.float32)

    def state(self) -> State:
        return {"shift": self.shift}


@dataclass(frozen=True)
class Centering(Encoder):
    """Counts its calls."""

    name: ClassVar[str] = "centering"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "none"
    scale: float = 1.0

    def fit(self, data: Dataset) -> FittedEncoder:
        CALLS.append("fit")
        return Shifted(self.scale * data.X.mean(axis=0))

    def restore(self, state: State) -> FittedEncoder:
        return Shifted(state["shift"])


@dataclass(frozen=True)
class Fixed(Encoder):
    """Learns nothing, so that even this fast a result is kept on disk."""

    name: ClassVar[str] = "fixed"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "none"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        CALLS.append("fit")
        return Shifted(np.zeros(1))

    def restore(self, state: State) -> FittedEncoder:
        return Shifted(state["shift"])


class FixedTwo(Fixed):
    version: ClassVar[int] = 2


class Wrong(Fixed):
    name: ClassVar[str] = "wrong"

    def fit(self, data: Dataset) -> FittedEncoder:
        return OneRow()


class OneRow(FittedEncoder):
    def transform(self, data: Dataset) -> Array:
        return np.zeros((1, 2))

    def state(self) -> State:
        return {}


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLS.clear()


def rows(n: int = 20, seed: int = 0) -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.random.default_rng(seed).normal(size=(n, 3)))


def test_one_computation_for_equal_content() -> None:
    """Equal rows are one thing, whatever object holds them; the result is that of the encoder alone."""
    cache = FeatureCache(None)
    first = cache.encode(Centering(), rows(), rows(5, 1))
    second = cache.encode(Centering(), rows(), rows(5, 1))
    assert CALLS == ["fit", "transform"]
    assert first is second
    np.testing.assert_allclose(first, rows(5, 1).X - rows().X.mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("encoder", "fit_on", "data"),
    [
        (Centering(scale=2.0), rows(), rows(5, 1)),
        (Centering(), rows(), rows(5, 2)),
        (Centering(), rows(seed=3), rows(5, 1)),
    ],
    ids=["parameters", "rows", "fit rows"],
)
def test_other_content_is_another_key(encoder, fit_on, data) -> None:
    cache = FeatureCache(None)
    first = cache.encode(Centering(), rows(), rows(5, 1))
    assert not np.array_equal(first, cache.encode(encoder, fit_on, data))


def test_the_fit_rows_of_an_encoder_that_does_not_learn_are_left_aside() -> None:
    cache = FeatureCache(None)
    cache.encode(Fixed(), rows(), rows(5, 1))
    cache.encode(Fixed(), rows(seed=3), rows(5, 1))
    assert CALLS == ["fit", "transform"]


def test_results_are_read_only_float32(tmp_path: Path) -> None:
    for cache in (FeatureCache(None), FeatureCache(tmp_path), FeatureCache(tmp_path)):
        features = cache.encode(Fixed(), rows(), rows())
        assert features.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            features[0, 0] = 1


def test_a_second_process_reads_what_the_first_computed(tmp_path: Path) -> None:
    first = FeatureCache(tmp_path).encode(Fixed(), rows(), rows())
    sent = pickle.loads(pickle.dumps(FeatureCache(tmp_path, max_bytes=5)))  # noqa: S301 - our own bytes
    assert (sent.folder, sent.max_bytes) == (tmp_path, 5)
    np.testing.assert_array_equal(sent.encode(Fixed(), rows(), rows()), first)
    assert CALLS == ["fit", "transform"]
    FeatureCache(tmp_path).encode(FixedTwo(), rows(), rows())
    assert CALLS == ["fit", "transform"] * 2


def test_a_truncated_file_is_computed_again(tmp_path: Path) -> None:
    first = FeatureCache(tmp_path).encode(Fixed(), rows(), rows())
    (path,) = tmp_path.glob("*.npy")
    path.write_bytes(path.read_bytes()[:150])
    np.testing.assert_array_equal(FeatureCache(tmp_path).encode(Fixed(), rows(), rows()), first)
    assert CALLS == ["fit", "transform"] * 2
    FeatureCache(tmp_path).encode(Fixed(), rows(), rows())
    assert CALLS == ["fit", "transform"] * 2


def _encode(cache: FeatureCache, barrier, results) -> None:
    barrier.wait()
    results.put(cache.encode(Fixed(), rows(), rows(4000)).sum())


def test_two_processes_that_compute_one_key_at_once_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_encode, args=(FeatureCache(tmp_path), barrier, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    sums = {results.get(timeout=30) for _ in workers}
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert len(sums) == 1
    assert len(list(tmp_path.iterdir())) == 1
    FeatureCache(tmp_path).encode(Fixed(), rows(), rows(4000))
    assert CALLS == []


def test_no_rows_need_no_file(tmp_path: Path) -> None:
    assert FeatureCache(tmp_path).encode(Fixed(), rows(), rows(0)).shape == (0, 3)
    assert not list(tmp_path.glob("*.npy"))


def test_an_image_file_that_changed_is_encoded_again(tmp_path: Path) -> None:
    """The data set holds paths alone: size and time of change stand for the content."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"1")

    def images() -> Dataset:
        return Dataset("images", Modality.IMAGE, np.array([str(path), str(tmp_path / "gone")], dtype=object))

    cache = FeatureCache(None)
    keys = {cache._key(Fixed(), images(), images()) for _ in range(2)}
    path.write_bytes(b"22")
    assert len(keys) == 1
    assert cache._key(Fixed(), images(), images()) not in keys


def test_the_footprint_of_an_encoder_is_measured_once(tmp_path: Path) -> None:
    """Two numbers of 8 bytes; a second process reads what the first found and fits nothing."""
    first = FeatureCache(tmp_path).footprint(Fixed(), rows(), rows(1))
    fits = len(CALLS)
    second = FeatureCache(tmp_path).footprint(Fixed(), rows(), rows(1))
    assert first == second
    assert (first.parameters, first.bytes) == (1, 8)
    assert first.latency > 0
    assert len(CALLS) == fits


def test_an_encoder_that_drops_rows_is_named() -> None:
    with pytest.raises(PluginError, match="encoder wrong breaks the contract"):
        FeatureCache(None).encode(Wrong(), rows(), rows())


def test_default_folder_follows_the_environment(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path))
    assert default_folder() == tmp_path / "features"
    monkeypatch.delenv("AUTOTRANSFER_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "autotransfer" / "features"


def test_prune_reaches_the_files(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    cache.encode(Fixed(), rows(), rows())
    cache.prune(0)
    FeatureCache(None).prune(0)
    assert not list(tmp_path.glob("*.npy"))
