"""The conformance kit for encoders."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import MissingDependencyError
from autotransfer.state import load_state, save_state
from autotransfer.testing.audit import nothing_executed
from autotransfer.testing.check import Check, ConformanceError, require, with_exemptions
from autotransfer.testing.declaration import declaration
from autotransfer.testing.problems import regression_shift, rotation_shift
from autotransfer.testing.render import read_only
from autotransfer.testing.withhold import fingerprint

TOLERANCE = 1e-3
"""Features of one row alone and among others may differ by this much: networks are not exact across batch sizes."""


def check_encoder(encoder: Encoder, *, exempt: Mapping[str, str] | None = None) -> None:
    """Raise ``ConformanceError`` at the first promise that the encoder breaks.

    :param exempt: check name, or ``name[case]``, -> why the promise cannot hold.
    """
    for check in encoder_checks(encoder, exempt=exempt):
        check()


def encoder_checks(encoder: Encoder, *, exempt: Mapping[str, str] | None = None) -> Iterator[Check]:
    """The checks of one encoder, to be run in order. Skipped where a package that it needs is not installed, and for a
    pretrained one without a model, which refuses all rows."""
    name = str(getattr(encoder, "name", type(encoder).__name__))
    first = Check(name, "declaration", partial(declaration, "encoder", encoder))
    try:
        first()
    except ConformanceError:
        yield first  # it says what is wrong; nothing else can run
        return
    bench = _Bench(encoder)
    promises: tuple[Callable[[], None], ...] = (
        bench.features,
        bench.few_rows,
        bench.odd_rows,
        bench.deterministic,
        bench.labels_ignored,
        bench.learns,
        bench.inputs_unmodified,
        bench.saves_and_loads,
        bench.refuses_others,
    )
    lacking = _lacking(bench)
    checks = [Check(name, promise.__name__, promise, skip=lacking) for promise in promises]
    yield from with_exemptions([first, *checks], exempt or {})


def odd_rows(modality: Modality) -> Dataset:
    """Rows that break careless encoders: missing and constant values, empty and foreign texts, tiny and grey images."""
    if modality is Modality.TABLE:
        words = pd.Series(["minus", None, "never seen", "ñ✓", "", "minus"], dtype=object)
        numbers = [0.0, np.nan, 1e30, -1e30, 0.0, 1.0]
        columns = {f"x{column}": numbers for column in range(6)} | {"sign": words}
        return Dataset("odd", modality, pd.DataFrame(columns))
    if modality is Modality.TEXT:
        texts = ["", " ", "ñ ✓ 日本語", "a" * 5000, "more0\x00more1\n", "?!.,"]
        return Dataset("odd", modality, read_only(np.array(texts, dtype=object)))
    if modality is Modality.IMAGE:
        return Dataset("odd", modality, read_only(np.zeros((3, 1, 1), np.uint8)))
    return Dataset("odd", modality, read_only(np.array([[0.0] * 6, [1e30] * 6, [-1e30] * 6], np.float32)))


@dataclass(frozen=True)
class _Bench:
    """One encoder and rows of its modality."""

    encoder: Encoder

    def _taken(self, data: Dataset) -> Dataset:
        """The rows, or, where it refuses features below 0 (histograms, counts), their magnitudes."""
        if data.modality is not Modality.FEATURES or self.encoder.refuses(data) is None:
            return data
        return data.with_inputs(read_only(np.abs(data.X)))

    @cached_property
    def train(self) -> Dataset:
        return self._taken(rotation_shift(self.encoder.modality).task.train)

    @cached_property
    def test(self) -> Dataset:
        return self._taken(rotation_shift(self.encoder.modality).test)

    @cached_property
    def fitted(self) -> FittedEncoder:
        return self.encoder.fit(self.train)

    def features(self) -> None:
        width = _features(self.fitted, self.train).shape[1]
        require(width > 0, "transform gave no column")
        require(_features(self.fitted, self.test).shape[1] == width, "transform's width depends on the rows")
        refusal = self.encoder.refuses(self.train)
        require(refusal is None, f"it refuses ordinary {self.encoder.modality} rows: {refusal}")

    def few_rows(self) -> None:
        _features(self.fitted, self.test.take(np.arange(0)))
        alone = _features(self.fitted, self.test.take(np.arange(1)))
        together = _features(self.fitted, self.test)[:1]
        words = "a row alone and among others gets different features: use statistics of the training rows only"
        require(np.allclose(alone, together, atol=TOLERANCE), words)

    def odd_rows(self) -> None:
        odd = odd_rows(self.encoder.modality)
        _features(self.fitted, odd)
        if self.encoder.refuses(odd) is None:
            _features(self.encoder.fit(odd), odd)

    def deterministic(self) -> None:
        again = self.encoder.fit(self.train)
        same = np.array_equal(_features(self.fitted, self.test), _features(again, self.test))
        require(same, "two fits on the same rows give different features: fix the seed inside")

    def labels_ignored(self) -> None:
        labelled = replace(self.train, y=read_only(np.roll(self.train.labels, 1)))
        same = np.array_equal(_features(self.fitted, self.test), _features(self.encoder.fit(labelled), self.test))
        require(same, "features depend on labels: an encoder looks at inputs alone")

    def learns(self) -> None:
        others = self._taken(regression_shift(self.encoder.modality).source.rows)
        same = _same(_features(self.fitted, self.test), _features(self.encoder.fit(others), self.test))
        words = "learns = False, but features depend on the rows that fit saw: write learns: ClassVar[bool] = True"
        require(self.encoder.learns or same, words)

    def inputs_unmodified(self) -> None:
        before = fingerprint(self.train), fingerprint(self.test)
        self.encoder.fit(self.train).transform(self.test)
        words = "the rows were changed: copy before writing"
        require((fingerprint(self.train), fingerprint(self.test)) == before, words)

    def saves_and_loads(self) -> None:
        with tempfile.TemporaryDirectory() as folder, nothing_executed():
            save_state(Path(folder), self.fitted.state())
            restored = self.encoder.restore(load_state(Path(folder)))
        same = _same(_features(self.fitted, self.test), _features(restored, self.test))
        require(same, "the restored encoder gives other features: put all that transform uses into state()")

    def refuses_others(self) -> None:
        for modality in Modality:
            if modality is not self.encoder.modality:
                reason = self.encoder.refuses(rotation_shift(modality).task.train)
                words = f"it does not refuse {modality} rows: let refuses call super().refuses first"
                require(reason and "\n" not in reason, words)


def _lacking(bench: _Bench) -> str | None:
    if bench.encoder.pretrained and (refusal := bench.encoder.refuses(bench.train)):
        return refusal
    try:
        bench.encoder.fit(bench.train).transform(bench.test.take(np.arange(1)))
    except MissingDependencyError as error:
        return str(error)
    except Exception:
        return None  # the checks will tell
    return None


def _features(fitted: FittedEncoder, data: Dataset) -> Array:
    found = fitted.transform(data)
    require(isinstance(found, np.ndarray), f"transform returned {type(found).__name__}: return a numpy array")
    rule = f"return one row of features for each of {len(data)} rows"
    require(found.ndim == 2 and len(found) == len(data), f"transform returned shape {found.shape}: {rule}")
    require(found.dtype == np.float32, f"transform returned {found.dtype}: add .astype(numpy.float32)")
    require(np.isfinite(found).all(), "transform returned NaN or infinite features: fill and clip")
    return found


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-6)
