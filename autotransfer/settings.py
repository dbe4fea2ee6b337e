"""The options of ``fit``, as one frozen record: the command line and Python fill the same fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autotransfer.errors import InputError
from autotransfer.footprint import Bounds

EVIDENCE, EXPERIENCE = "evidence", "experience"
SELECTORS = (EVIDENCE, EXPERIENCE)
"""What decides which arms are tried first: this run's own estimates, or forecasts learned from past runs."""


@dataclass(frozen=True)
class Settings:
    """Each field is the command line option of the same name (``--test-size`` is ``test_size``).

    :param label: label column of tables, or several joined by commas: that many tasks. ``task``: column that tells
        which task a row is labelled for. ``text``: text column. ``drop``: columns to leave out.
    :param unlabeled: path of more unlabelled target rows.
    :param classes: path of descriptions of all classes, those without labelled rows among them.
    :param parallel: path of two columns of sentences that mean the same, one in the sources' language and one in the
        target's. ``dictionary``: the same of words. ``translator``: command that translates the sources' texts.
    :param test: path of a final test set. ``test_size``: share of labelled rows kept for testing; None: 0.2 from 200
        labelled rows on, else none.
    :param budget: seconds for everything. ``trials``: at most so many trials; None: as the budget allows.
    :param methods: method names to use; empty: all. ``exclude``: names to leave out.
    :param max_risk: skip arms whose predicted P(gain < 0) is above this.
    :param workers: worker processes; 0: in this process; None: one a core, at most 4.
    :param trial_timeout: seconds for one trial. ``trial_memory``: bytes for one trial.
    :param keep_source: largest loss on the source's own task, in points: a model that forgets more is not shipped.
        ``max_params``, ``max_latency`` (seconds for one row): nor is a larger or slower one.
    :param selector: what decides which arms are tried first, see :data:`SELECTORS`.
    :param validator: name of the validator that ranks arms where the target has no labels; None: the first that fits.
    :param epsilon: points that count as worse. ``alpha``: allowed probability of being worse by more than that.
    """

    label: str | None = None
    task: str | None = None
    text: str | None = None
    drop: tuple[str, ...] = ()
    unlabeled: str | None = None
    classes: str | None = None
    parallel: str | None = None
    dictionary: str | None = None
    translator: str | None = None
    test: str | None = None
    test_size: float | None = None
    metric: str | None = None
    budget: float = 600.0
    trials: int | None = None
    methods: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_risk: float | None = None
    seed: int = 0
    out: Path | None = None
    resume: Path | None = None
    storage: str | None = None
    workers: int | None = None
    ray: str | None = None
    device: str = "cpu"
    trial_timeout: float | None = None
    trial_memory: int | None = None
    keep_source: float | None = None
    max_params: int | None = None
    max_latency: float | None = None
    sampler: str = "tpe"
    validator: str | None = None
    selector: str = EVIDENCE
    epsilon: float = 1.0
    alpha: float = 0.05

    def __post_init__(self) -> None:
        rules = (
            ("budget", self.budget > 0, "a positive duration such as 90s or 10m"),
            ("trials", self.trials is None or self.trials > 0, "at least 1"),
            ("test-size", self.test_size is None or 0 <= self.test_size < 1, "at least 0 and below 1"),
            ("max-risk", self.max_risk is None or 0 <= self.max_risk <= 1, "between 0 and 1"),
            ("seed", 0 <= self.seed < 2**31, "a whole number from 0 to 2147483647"),
            ("workers", self.workers is None or self.workers >= 0, "at least 0"),
            ("trial-timeout", self.trial_timeout is None or self.trial_timeout > 0, "a positive duration"),
            ("trial-memory", self.trial_memory is None or self.trial_memory > 0, "a positive size such as 2G"),
            ("keep-source", self.keep_source is None or self.keep_source >= 0, "at least 0 points"),
            ("max-params", self.max_params is None or self.max_params > 0, "at least 1"),
            ("max-latency", self.max_latency is None or self.max_latency > 0, "a positive duration such as 20ms"),
            ("epsilon", self.epsilon >= 0, "at least 0 points"),
            ("alpha", 0 < self.alpha < 0.5, "between 0 and 0.5"),
            ("selector", self.selector in SELECTORS, f"one of {', '.join(SELECTORS)}"),
        )
        for name, holds, rule in rules:
            if not holds:
                value = getattr(self, name.replace("-", "_"))
                raise InputError(f"--{name} {value}: it must be {rule}")

    @property
    def bounds(self) -> Bounds:
        """The size budget."""
        return Bounds(self.max_params, self.max_latency)


_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def parse_duration(text: str | float) -> float:
    """Seconds from ``"90"``, ``"90s"``, ``"10m"``, ``"1.5h"`` or a number. Raises ``InputError``."""
    return _scaled(text, _SECONDS, "a duration such as 90s, 10m or 1.5h")


def parse_size(text: str | int) -> int:
    """Bytes from ``"500M"``, ``"2G"`` or a number. Raises ``InputError``."""
    return int(_scaled(text, _BYTES, "a size such as 500M or 2G"))


def _scaled(text: str | float, units: dict[str, float] | dict[str, int], rule: str) -> float:
    if isinstance(text, int | float):
        return float(text)
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*?)(?:i?b)?\s*", text, re.IGNORECASE)
    if match is None or match[2].lower() not in units:
        raise InputError(f"{text!r} is no {rule[2:]}: write {rule}")
    return float(match[1]) * units[match[2].lower()]
