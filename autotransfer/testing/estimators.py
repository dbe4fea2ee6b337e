"""The conformance kit for relatedness estimators."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from autotransfer.assets import SOURCE_ASSETS, Asset, describe, missing
from autotransfer.data import Modality
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context
from autotransfer.testing import withhold
from autotransfer.testing.check import Check, ConformanceError, require, with_exemptions
from autotransfer.testing.declaration import declaration
from autotransfer.testing.degenerate import degenerate
from autotransfer.testing.problems import ToyProblem, large, large_model, toy_problems
from autotransfer.testing.tongues import other_language, other_language_values

SECONDS = 3.0
"""Processor seconds for an estimate on a few thousand rows."""

_UNRELATED = {
    "rotation_shift": "noise",
    "regression_shift": "noise_regression",
    "pretrained": "pretrained_noise",
    "pretrained_regression": "pretrained_regression_noise",
    "source_head": "source_head_noise",
    "other_language": "other_language_noise",
}
"""Toy problem -> the same target with a source that has nothing to do with it."""

_FEW = 3


def check_estimator(estimator: RelatednessEstimator, *, exempt: Mapping[str, str] | None = None) -> None:
    """Raise ``ConformanceError`` at the first promise that the estimator breaks.

    :param exempt: check name, or ``name[case]``, -> why the promise cannot hold.
    """
    for check in estimator_checks(estimator, exempt=exempt):
        check()


def estimator_checks(estimator: RelatednessEstimator, *, exempt: Mapping[str, str] | None = None) -> Iterator[Check]:
    """The checks of one estimator, to be run in order."""
    name = str(getattr(estimator, "name", type(estimator).__name__))
    first = Check(name, "declaration", partial(_declared, estimator))
    try:
        first()
    except ConformanceError:
        yield first  # it says what is wrong; nothing else can run
        return
    yield from with_exemptions([first, *_Bench(name, estimator).checks()], exempt or {})


def _declared(estimator: RelatednessEstimator) -> None:
    declaration("estimator", estimator)
    require(estimator.needs & SOURCE_ASSETS, "it needs no source asset: name in needs what it looks at in the source")
    require(hash(estimator) == hash(replace(estimator)), "equal estimators have different hashes: keep fields plain")  # type: ignore[type-var]


@dataclass(frozen=True, eq=False)
class _Bench:
    """One estimator and the toy problems."""

    name: str
    estimator: RelatednessEstimator

    def checks(self) -> Iterator[Check]:
        problems = {problem.name: problem for problem in toy_problems(self._modality)}
        fitting = [problem for problem in problems.values() if self._refusal(problem) is None]
        yield Check(self.name, "toy_problems", partial(self._has_problems, fitting))
        for problem in problems.values():
            yield Check(self.name, "finite", partial(self._finite, problem), problem.name, self._refusal(problem))
        for related, unrelated in ((a, b) for a, b in _UNRELATED.items() if a in problems):
            body = partial(self._tells_apart, problems[related], problems[unrelated])
            yield Check(self.name, "tells_noise", body, related, self._refusal(problems[related]))
        for problem in {problem.task.is_regression: problem for problem in reversed(fitting)}.values():
            for promise in (self._deterministic, self._assets_suffice, self._inputs_unmodified, self._few_rows):
                yield Check(self.name, promise.__name__.strip("_"), partial(promise, problem), problem.name)
            bent = degenerate(problem) if len(problem.task.train) and self._modality is Modality.FEATURES else {}
            for defect, rows in bent.items():
                yield Check(self.name, "degenerate", partial(self._degenerate, rows), f"{problem.name}, {defect}")
            many = self._many(regression=problem.task.is_regression)
            yield Check(self.name, "quick", partial(self._quick, many), problem.name, self._refusal(many))
        for asset in self.estimator.needs:
            skip = "no toy problem holds another one" if asset is Asset.PRETRAINED else None
            yield Check(self.name, "assets_used", partial(self._assets_used, fitting, asset), str(asset.name), skip)

    @property
    def _modality(self) -> Modality:
        """Features where it takes them."""
        takes = self.estimator.modalities
        return Modality.FEATURES if Modality.FEATURES in takes else min(takes)

    def _refusal(self, problem: ToyProblem) -> str | None:
        handles = self.estimator.regression if problem.task.is_regression else self.estimator.classification
        if not handles:
            return f"it declares {'regression' if problem.task.is_regression else 'classification'} = False"
        lacking = missing(self.estimator.needs, problem.offers)
        return f"it needs {describe(lacking)}" if lacking else None

    def _estimate(self, problem: ToyProblem, seed: int = 0) -> float:
        found = self.estimator.estimate(problem.task, problem.source, Context(seed=seed))
        require(isinstance(found, float), f"estimate returned {type(found).__name__}: return float(value)")
        return found

    def _has_problems(self, fitting: list[ToyProblem]) -> None:
        words = describe(self.estimator.needs)
        require(fitting, f"no toy problem offers {words}: declare in needs only what estimate cannot do without")

    def _finite(self, problem: ToyProblem) -> None:
        found = self._estimate(problem)
        require(math.isfinite(found), f"estimate gave {found} on sound rows: NaN is for rows where it is undefined")

    def _tells_apart(self, related: ToyProblem, unrelated: ToyProblem) -> None:
        good, bad = self._estimate(related), self._estimate(unrelated)
        right = good > bad if self.estimator.higher_is_better else good < bad
        words = f"a related source gets {good:.4g}, noise gets {bad:.4g}, higher_is_better = "
        require(right, f"{words}{self.estimator.higher_is_better}: turn it round, or look for a bug in estimate")

    def _deterministic(self, problem: ToyProblem) -> None:
        found = self._estimate(problem, seed=3), self._estimate(problem, seed=3)
        require(found[0] == found[1], f"one seed gives {found[0]} and {found[1]}: take all randomness from ctx.rng()")

    def _assets_suffice(self, problem: ToyProblem) -> None:
        task, source = withhold.only(self.estimator.needs, problem)
        require(source is not None, "it needs no source asset")
        try:
            self._estimate(replace(problem, task=task, source=source or problem.source))
        except Exception as error:
            words = f"given {describe(self.estimator.needs)} alone, estimate raised {type(error).__name__}: {error}"
            raise ConformanceError(f"{words}; add what it lacks to needs, or do without") from error

    def _assets_used(self, fitting: list[ToyProblem], asset: Asset) -> None:
        for problem in fitting:
            for other in withhold.changes(asset, problem):
                if self._estimate(problem) != self._estimate(other):
                    return
        words = f"it declares {describe(asset)} but says the same whatever they hold"
        raise ConformanceError(f"{words}: use them in estimate, or take {asset} out of needs")

    def _inputs_unmodified(self, problem: ToyProblem) -> None:
        parts = [problem.task.train, problem.task.unlabeled, problem.source.data]
        before = [withhold.fingerprint(part) for part in parts]
        self._estimate(problem)
        for part, old in zip(parts, before, strict=True):
            require(withhold.fingerprint(part) == old, f"{part and part.name} was changed: copy before writing")

    def _few_rows(self, problem: ToyProblem) -> None:
        """Three target rows: a value or NaN, no exception."""
        train = problem.task.train
        self._estimate(
            replace(problem, task=withhold.with_train(problem.task, train.take(np.arange(len(train)) < _FEW)))
        )

    def _degenerate(self, problem: ToyProblem) -> None:
        """A number or NaN, no infinity and no exception."""
        require(not math.isinf(self._estimate(problem)), "estimate is infinite: return NaN where it is undefined")

    def _many(self, *, regression: bool) -> ToyProblem:
        """Many rows of the form that it needs."""
        if Asset.OTHER_LANGUAGE in self.estimator.needs:
            return other_language_values() if regression else other_language(2000)
        forms = [large(self._modality, regression=regression), large_model(regression=regression, head=False)]
        if not regression:
            forms.append(large_model(regression=False, head=True))
        return next((form for form in forms if self._refusal(form) is None), forms[0])

    def _quick(self, problem: ToyProblem) -> None:
        start = time.process_time()
        self._estimate(problem)
        spent = time.process_time() - start
        rows = len(problem.task.train) + (0 if problem.source.data is None else len(problem.source.data))
        require(spent < SECONDS, f"it took {spent:.1f} s for {rows} rows: sample rows with ctx.rng()")
