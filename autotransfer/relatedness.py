"""Estimates of how much a source may help, before any method is trained."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import ClassVar

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.task import Context, Source, Task


class Role(StrEnum):
    """What the selector may read an estimate as."""

    EVIDENCE = "evidence"
    GAIN = "gain"
    RISK = "risk"


class RelatednessEstimator(ABC):
    """One published estimator. Concrete estimators are frozen dataclasses.

    Rows are encoded (``FEATURES``): by the source's encoder where it brings one, else by the run's first. Those that
    name other ``modalities`` are given rows as they are, and so are those that need ``SOURCE_HEAD``, because that is
    what a head predicts from.

    :cvar name: unique, lower case, underscores.
    :cvar needs: assets without which there is no estimate.
    :cvar modalities: forms of rows that it takes; ``FEATURES`` alone or raw ones.
    :cvar higher_is_better: direction of the value.
    :cvar unit: what the value is measured in, and its range.
    :cvar cost: complexity in n target rows, m source rows, d features, in words.
    :cvar seconds: about how long it takes one core for 5,000 rows of 512 features on either side. What the decision
        does not read is measured in this order, as far as there is time to spare for it.
    :cvar role: GAIN if the value is an expected gain (to order sources by), RISK if it is P(gain < 0).
    :cvar meaning: one plain sentence for the report: what a good and a bad value say.
    """

    name: ClassVar[str]
    needs: ClassVar[Asset]
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES})
    higher_is_better: ClassVar[bool]
    unit: ClassVar[str]
    cost: ClassVar[str]
    seconds: ClassVar[float] = 0.5
    role: ClassVar[Role] = Role.EVIDENCE
    meaning: ClassVar[str]
    reference: ClassVar[str]
    regression: ClassVar[bool] = True
    classification: ClassVar[bool] = True

    @abstractmethod
    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The value; NaN where it is undefined for these rows."""
