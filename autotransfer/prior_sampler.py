"""An Optuna sampler that starts from beliefs about choices and gives them up as results come in."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, final

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState

from autotransfer.data import Array

Prior: TypeAlias = Mapping[str, Mapping[Any, float]]
"""Parameter -> choice -> positive weight; choices without one have the least weight of the others."""

_BETA = 10.0
_EXPLORATION = 0.1
_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


@final
class PriorSampler(optuna.samplers.BaseSampler):
    """Categorical parameters with a prior are drawn in the manner of πBO (Hvarfner et al., ICLR 2022,
    arXiv:2204.11051): in proportion to expected improvement × prior^(β / n), n the finished trials, so that the prior
    fades; divided by a choice's seconds (expected improvement per second, Snoek et al., NIPS 2012).

    Where it differs from πBO: the acquisition is not maximised but drawn from, as several workers ask at once; and one
    draw of ten is uniform, so that no choice is ever excluded. Everything else is left to another sampler.

    :param inner: for all other parameters. :param prior: see :data:`Prior`.
    :param seconds: expected of a choice that no trial has timed yet, by parameter.
    """

    def __init__(
        self, inner: optuna.samplers.BaseSampler, prior: Prior, seed: int, seconds: Prior | None = None
    ) -> None:
        self._inner, self._prior, self._seconds = inner, prior, seconds or {}
        self._rng = np.random.default_rng(seed)

    def reseed_rng(self) -> None:
        """New randomness, here and inside."""
        self._rng = np.random.default_rng()
        self._inner.reseed_rng()

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """That of the inner sampler, without what has a prior."""
        space = self._inner.infer_relative_search_space(study, trial)
        return {name: distribution for name, distribution in space.items() if not self._has(name, distribution)}

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The inner sampler's."""
        found: dict[str, Any] = self._inner.sample_relative(study, trial, search_space)
        return found

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A draw by the prior and what is known, or the inner sampler's."""
        among = param_distribution if self._has(param_name, param_distribution) else None
        if not isinstance(among, CategoricalDistribution) or len(study.directions) > 1:
            return self._inner.sample_independent(study, trial, param_name, param_distribution)
        choices = among.choices
        return choices[int(self._rng.choice(len(choices), p=self._shares(study, param_name, choices)))]

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """The inner sampler's."""
        self._inner.before_trial(study, trial)

    def after_trial(
        self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None
    ) -> None:
        """The inner sampler's."""
        self._inner.after_trial(study, trial, state, values)

    def _has(self, name: str, distribution: BaseDistribution) -> bool:
        return name in self._prior and isinstance(distribution, CategoricalDistribution)

    def _shares(self, study: optuna.Study, name: str, choices: Sequence[Any]) -> Array:
        trials = [t for t in study.get_trials(deepcopy=False, states=_FINISHED) if name in t.params]
        weights = _weights(self._prior[name], choices)
        value = improvement(trials, name, choices, maximise=study.direction is optuna.study.StudyDirection.MAXIMIZE)
        belief = weights ** (_BETA / max(len(trials), 1)) if trials else weights
        wanted = value * belief / _times(trials, name, choices, self._seconds.get(name, {}))
        total = wanted.sum()
        even = np.full(len(choices), 1 / len(choices))
        if not np.isfinite(total) or total <= 0:
            return even
        return np.asarray((1 - _EXPLORATION) * wanted / total + _EXPLORATION * even)


def improvement(trials: Sequence[FrozenTrial], name: str, choices: Sequence[Any], *, maximise: bool) -> Array:
    """Expected improvement of each choice over the best value so far, (k,), all 1 before there are two values.

    A choice's next value is normal: its mean is that of its own values and one more at the mean of all, its spread that
    of all values. What a choice has reached on average, not at best: a choice that was tried often has a better best.
    """
    values: dict[Any, list[float]] = defaultdict(list)
    for trial in trials:
        if trial.state is TrialState.COMPLETE and trial.value is not None and np.isfinite(trial.value):
            values[trial.params[name]].append(trial.value if maximise else -trial.value)
    everything = [value for some in values.values() for value in some]
    if len(everything) < 2 or np.ptp(everything) == 0:
        return np.ones(len(choices))
    from scipy.special import ndtr

    centre, best, spread = np.mean(everything), np.max(everything), np.std(everything)
    means = np.array([(sum(values[c]) + centre) / (len(values[c]) + 1) for c in choices])
    sd = spread * np.sqrt([0.25 + 1 / (len(values[c]) + 1) for c in choices])
    z = (means - best) / sd
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return np.asarray(np.maximum(sd * (z * ndtr(z) + density), 1e-12 * spread))


def _weights(given: Mapping[Any, float], choices: Sequence[Any]) -> Array:
    """Prior weights with mean 1, each within a factor of a thousand of the largest."""
    known = [given[c] for c in choices if c in given]
    found = np.array([given.get(c, min(known, default=1.0)) for c in choices], dtype=np.float64)
    found = np.clip(found, 1e-3 * found.max(), None)
    return np.asarray(found / found.mean())


def _times(trials: Sequence[FrozenTrial], name: str, choices: Sequence[Any], expected: Mapping[Any, float]) -> Array:
    """Median seconds of each choice's trials, else those expected, else the median of the others; (k,)."""
    seconds: dict[Any, list[float]] = defaultdict(list)
    for trial in trials:
        if trial.duration is not None:
            seconds[trial.params[name]].append(trial.duration.total_seconds())
    found = np.array([np.median(seconds[c]) if seconds[c] else expected.get(c, np.nan) for c in choices])
    if np.isnan(found).all():
        return np.ones(len(choices))
    found = np.where(np.isnan(found), np.nanmedian(found), found)
    return np.asarray(np.maximum(found, 0.1 * np.median(found) + 1e-3))


def with_prior(
    make: Callable[[], optuna.samplers.BaseSampler], prior: Prior, seconds: Prior, seed: int
) -> Callable[[], optuna.samplers.BaseSampler]:
    """Makes the same samplers with beliefs around them; ``make`` itself where there are none."""
    if not prior:
        return make
    seeds = itertools.count(seed)
    return lambda: PriorSampler(make(), prior, next(seeds), seconds)
