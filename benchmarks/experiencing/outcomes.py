"""What cheap methods gain on one task, measured on rows that nothing has learned from."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autotransfer.bench import Bench
from autotransfer.catalogue import Catalogue
from autotransfer.data import Array, Dataset
from autotransfer.equip import equip
from autotransfer.errors import InputError
from autotransfer.experience.describe import about, kind, known
from autotransfer.experience.row import Row
from autotransfer.features import FeatureCache
from autotransfer.loading import load_problem
from autotransfer.measure import Evidence, measure
from autotransfer.peak import PeakMemory
from autotransfer.refit import refit_on_all
from autotransfer.settings import Settings
from autotransfer.space import Space
from autotransfer.task import Context, Source
from autotransfer.trial import Arm
from benchmarks.experiencing.plan import Plan
from benchmarks.outcome import losses

BASELINE = "no_transfer"
METHODS = (
    BASELINE,
    "pooled",
    "weighted_pooling",
    "source_only",
    "interpolation",
    "prior_linear",
    "feature_augmentation",
    "stacking",
    "coral",
    "subspace_alignment",
    "importance_weighting",
    "kliep",
    "label_shift_bbse",
    "distribution_weighted",
)
NETWORKS = (BASELINE, "linear_probe", "fine_tuning", "lora", "bitfit")
"""For networks as sources."""
_ENCODERS = ("lsa",)
"""Preferred where it applies: fewer dimensions than the n-grams of texts, so that hundreds of tasks are affordable."""
_Z = 1.6449
_MEBIBYTE = 2**20
_SPARE, _SECONDS = 15.0, 60.0


@dataclass(frozen=True, eq=False)
class _Setting:
    """A task ready to be played. ``encoder``: of all its arms, the baseline's too."""

    plan: Plan
    bench: Bench
    catalogue: Catalogue
    test: Dataset
    encoder: str
    evidence: Evidence


def play(plan: Plan, data: Path, seed: int, catalogue: Catalogue) -> list[Row]:
    """A row for each arm; none where the data set has too few rows for the plan."""
    with tempfile.TemporaryDirectory(prefix="experience-") as folder:
        try:
            task = plan.recipe.build(data, seed, Path(folder))
        except ValueError:
            return []
        methods = NETWORKS if plan.models else METHODS
        settings = Settings(test=task.test, metric=task.metric, methods=methods)
        problem = load_problem(task.target, plan.models or task.sources, settings, catalogue.hook)
    if problem.test is None:
        raise InputError(f"{task.name}: its test file was not taken as the test set")
    space, bench = equip(problem, catalogue, settings, [])
    bench = replace(bench, cache=FeatureCache(None))
    context = Context(seed, "cpu", time.monotonic() + _SECONDS)
    evidence = measure(bench, space, catalogue.estimators, context, None, _SPARE).evidence
    return _arms(_Setting(plan, bench, catalogue, problem.test, _encoder(space), evidence), space, seed)


def gain_of(base: Array, arm: Array, *, regression: bool) -> tuple[float, float, float]:
    """Points gained, from the paired losses of n test rows, with the ends of the 90 % interval: of accuracy, or per
    cent of the baseline's RMSE (by the delta method)."""
    n = len(base)
    if regression:
        a, b = float(base.mean()), float(arm.mean())
        ratio = float(np.sqrt(b / a))
        mean, influence = 1.0 - ratio, 0.5 * ratio * (base / a - arm / b)
    else:
        mean, influence = float((base - arm).mean()), base - arm
    half = _Z * float(influence.std(ddof=1)) / float(np.sqrt(n))
    return 100 * mean, 100 * (mean - half), 100 * (mean + half)


def _encoder(space: Space) -> str:
    """The first that every arm takes whose source does not bring its own, a preferred one before others."""
    known = [names for names in space.encoders.values() if names]
    common = [name for name in known[0] if all(name in names for names in known)]
    return next((name for name in common if name in _ENCODERS), common[0])


def _arms(setting: _Setting, space: Space, seed: int) -> list[Row]:
    base, _, error = _losses(setting, space, Arm(BASELINE), seed)
    if base is None:
        raise InputError(f"{setting.plan.recipe.name}: no transfer failed ({error})")
    found = []
    for arm in space.arms:
        source = setting.bench.problem.source(arm.source)
        if source is not None:
            with PeakMemory() as peak:
                outcome = _losses(setting, space, arm, seed)
            memory = None if peak.bytes is None else round(peak.bytes / _MEBIBYTE, 2)
            found.append(replace(_row(setting, arm, source, base, outcome), memory=memory))
    return found


def _losses(setting: _Setting, space: Space, arm: Arm, seed: int) -> tuple[Array | None, float, str | None]:
    """Losses of the test rows with default settings, seconds, and what went wrong."""
    begun = time.process_time()
    choice = space.default(arm, setting.encoder if space.encoders[arm] else None).choice()
    try:
        predictions = refit_on_all(setting.bench, choice, seed, setting.catalogue).predict(setting.test)
    except Exception as error:  # failures are experience too
        return None, time.process_time() - begun, f"{type(error).__name__}: {error}"
    regression = setting.bench.problem.is_regression
    return losses(setting.test.labels, predictions, regression=regression), time.process_time() - begun, None


def _row(
    setting: _Setting, arm: Arm, source: Source, base: Array, outcome: tuple[Array | None, float, str | None]
) -> Row:
    population, problem = setting.plan.population, setting.bench.problem
    rows, seconds, error = outcome
    row = Row(
        task=setting.plan.recipe.name,
        target=population.name,
        family=population.family,
        source=source.name,
        kind=kind(source),
        method=arm.method,
        metric=population.metric,
        modality=str(problem.target.modality),
        status="failed" if rows is None else "complete",
        encoder=setting.encoder,
        about=about(problem, source),
        scores=known(setting.evidence.get(source.name, {})),
        seconds=round(seconds, 4),
        error=error,
    )
    if rows is None or not np.isfinite(rows).all():
        return replace(row, status="failed", error=error or "its predictions are not finite")
    gain, low, high = gain_of(base, rows, regression=problem.is_regression)
    return replace(row, gain=round(gain, 3), low=round(low, 3), high=round(high, 3))
