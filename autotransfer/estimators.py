"""The main job behind scikit-learn's interface: the same engine, arrays in, a fitted estimator out."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias, final

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted, column_or_1d, validate_data

from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.settings import Settings, parse_duration

if TYPE_CHECKING:
    from autotransfer.task import Source
    from autotransfer.trial import TrialRecord, Verdict

SourceLike: TypeAlias = "tuple[Any, Any] | str | Source"


class _Estimator(BaseEstimator, ABC):  # type: ignore[misc]
    """What both estimators share: checked inputs, the run, and what it found."""

    def __init__(  # noqa: PLR0913 - scikit-learn reads the hyperparameters from this signature
        self,
        *,
        sources: Sequence[SourceLike] = (),
        budget: float | str = 60.0,
        metric: str | None = None,
        trials: int | None = None,
        methods: Sequence[str] | None = None,
        workers: int = 0,
        out: str | Path | None = None,
        random_state: Any = None,
    ) -> None:
        self.sources = sources
        self.budget = budget
        self.metric = metric
        self.trials = trials
        self.methods = methods
        self.workers = workers
        self.out = out
        self.random_state = random_state

    @abstractmethod
    def _labels(self, y: Array) -> Array:
        """Labels as a reader would give them: ``str`` names in an object array, or float64 values."""

    @property
    def verdict_(self) -> Verdict:
        """The guard's decision and what it rests on."""
        check_is_fitted(self)
        verdict: Verdict = self.run_.record.verdict
        return verdict

    @property
    def leaderboard_(self) -> tuple[TrialRecord, ...]:
        """Every trial, the best first."""
        check_is_fitted(self)
        trials: tuple[TrialRecord, ...] = self.run_.record.leaderboard
        return trials

    def _search(self, inputs: Array | pd.DataFrame, labels: Array, metric: str | None) -> None:
        from autotransfer.job import fit

        target = _raw("target", inputs, labels)
        sources = [self._source(index, source) for index, source in enumerate(self.sources)]
        with tempfile.TemporaryDirectory(prefix="autotransfer-") as scratch:
            settings = Settings(
                metric=metric,
                budget=parse_duration(self.budget),
                trials=self.trials,
                methods=tuple(self.methods or ()),
                workers=self.workers,
                test_size=0.0,
                seed=int(check_random_state(self.random_state).randint(2**20)),
                out=Path(scratch) / "run" if self.out is None else Path(self.out),
            )
            try:
                self.run_ = fit(target, sources, settings=settings)
            except InputError as error:
                raise ValueError(str(error)) from error
            self._model = self.run_.model()

    def _source(self, index: int, source: SourceLike) -> RawData | str | Source:
        if not isinstance(source, tuple):
            return source
        X, y = source
        if isinstance(X, pd.DataFrame) and not _is_numeric(X):
            inputs: Any = X
        else:
            inputs = check_array(X, dtype="numeric", input_name=f"X of source {index + 1}")
        labels = column_or_1d(y, warn=True)
        check_consistent_length(inputs, labels)
        return _raw(f"source {index + 1}", inputs, self._labels(labels))

    def _outputs(self, X: Any) -> tuple[Array, tuple[str, ...] | None]:
        check_is_fitted(self)
        inputs = _checked_inputs(self, X, reset=False)
        rows = self._table_rows(inputs) if isinstance(inputs, pd.DataFrame) else _rows(inputs)
        model = self._model
        if model.encoder is not None:
            # In float64 no prediction depends on the rows beside it, as products of float32 matrices do.
            rows = rows.with_inputs(model.encoder.transform(rows).astype(np.float64))
        return np.asarray(model.predictor.predict(rows)), model.classes

    def _table_rows(self, table: pd.DataFrame) -> Dataset:
        from autotransfer.loading.inference import read_rows
        from autotransfer.plugins import load_catalogue

        model = self._model
        return read_rows(table, model.modality, model.columns, (None, None), load_catalogue().hook)


@final
class AutoTransferClassifier(ClassifierMixin, _Estimator):  # type: ignore[misc]
    """A classifier that searches sources and transfer methods, and transfers only where the guard agrees.

    :param sources: ``(X, y)`` pairs, paths and model names as on the command line, or opened sources.
    :param budget: seconds, or a duration such as ``"10m"``, for the whole of ``fit``.
    :param metric: name of the metric; None: accuracy.
    :param trials: at most so many trials; None: as the budget allows.
    :param methods: method names to use; None: all.
    :param workers: worker processes; 0: everything in this process.
    :param out: run directory to keep; None: a temporary one, so that of ``run_`` only ``record`` is left after ``fit``.
    :param random_state: int, ``numpy.random.RandomState`` or None.

    After ``fit``: ``classes_``, ``n_features_in_``, ``feature_names_in_``, ``run_``, ``verdict_``, ``leaderboard_``.
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Search on labelled target rows: X a table or an array of shape (n, d), y of shape (n,)."""
        inputs, labels = _checked_pair(self, X, y)
        check_classification_targets(labels)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present.")
        if len(set(self._labels(self.classes_))) < len(self.classes_):
            raise ValueError(f"Unknown label type: some of the classes {self.classes_.tolist()} are spelled alike")
        self._search(inputs, self._labels(labels), self.metric)
        return self

    def predict_proba(self, X: Any) -> Array:
        """Class probabilities, shape (n, n_classes), in the order of ``classes_``."""
        probabilities, names = self._outputs(X)
        order = [list(names or ()).index(name) for name in self._labels(self.classes_)]
        known = probabilities[:, order].astype(np.float64)
        return np.asarray(known / known.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> Array:
        """The most probable class of each row, shape (n,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _labels(self, y: Array) -> Array:
        from autotransfer.loading.labels import spelled

        return spelled(np.asarray(y, dtype=object))


@final
class AutoTransferRegressor(RegressorMixin, _Estimator):  # type: ignore[misc]
    """A regressor that searches sources and transfer methods, and transfers only where the guard agrees.

    Parameters and attributes as :class:`AutoTransferClassifier`; ``metric`` None is RMSE, and there is no ``classes_``.
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Search on labelled target rows: X a table or an array of shape (n, d), y of shape (n,)."""
        inputs, values = _checked_pair(self, X, y)
        self._search(inputs, self._labels(values), self.metric or "rmse")
        return self

    def predict(self, X: Any) -> Array:
        """One value a row, shape (n,)."""
        values, _ = self._outputs(X)
        return values.astype(np.float64)

    def _labels(self, y: Array) -> Array:
        return np.asarray(y, dtype=np.float64)


def _checked_pair(estimator: _Estimator, X: Any, y: Any) -> tuple[Array | pd.DataFrame, Array]:
    if y is None:
        raise ValueError(f"{type(estimator).__name__} requires y to be passed, but the target y is None")
    inputs = _checked_inputs(estimator, X, reset=True)
    labels = column_or_1d(y, warn=True)
    if labels.dtype.kind in "fc":
        check_array(labels, ensure_2d=False, input_name="y")
    check_consistent_length(inputs, labels)
    return inputs, labels


def _checked_inputs(estimator: _Estimator, X: Any, *, reset: bool) -> Array | pd.DataFrame:
    """A table stays a table when it holds words; everything else becomes a finite float array."""
    least = 2 if reset else 1
    if isinstance(X, pd.DataFrame) and not _is_numeric(X):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        if len(X) < least:
            raise ValueError(f"Found array with {len(X)} sample(s) while a minimum of {least} is required")
        return X
    checked = validate_data(estimator, X, reset=reset, dtype="numeric", ensure_min_samples=least)
    return np.asarray(checked, dtype=np.float64)


def _is_numeric(table: pd.DataFrame) -> bool:
    return all(pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes)


def _raw(name: str, inputs: Array | pd.DataFrame, labels: Array) -> RawData:
    modality = Modality.TABLE if isinstance(inputs, pd.DataFrame) else Modality.FEATURES
    return RawData(name, modality, inputs, labels)


def _rows(inputs: Array) -> Dataset:
    return Dataset("rows", Modality.FEATURES, inputs)
