"""The transfer method: a declaration, hyperparameters as fields, and one ``fit``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from autotransfer.assets import SOURCE_ASSETS, TRANSFER_ASSETS, Asset
from autotransfer.data import Modality
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task

_Choice = TypeVar("_Choice", bool, int, float, str)
_Learned = TypeVar("_Learned")

RAW = "raw"
"""In place of an encoder's name: the rows as they are, for methods that take them beside features."""


class Suggest(Protocol):
    """Where hyperparameters come from. ``optuna.Trial`` satisfies it; methods never import optuna."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """A float in [low, high]."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """An int in [low, high]."""

    def suggest_categorical(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """One of the choices."""


class Method(ABC):
    """One published way to use a source for a target. Concrete methods are frozen dataclasses.

    The class attributes are the declaration, the fields are the hyperparameters; every field has a default that is
    sane without any search. A method whose ``modalities`` hold ``FEATURES`` is given encoded rows
    (``task.train.X`` of shape (n, d)) whatever the raw data are: the engine chooses the encoder.
    A method that wants raw rows names their modality instead. One that names both is given either: raw rows
    (``task.train.modality`` tells) are one more choice among the encoders, the first.

    :cvar name: unique, lower case, underscores.
    :cvar needs: assets without which ``fit`` cannot work.
    :cvar uses: assets that it takes into account when they are there.
    :cvar modalities: forms of input that ``fit`` takes.
    :cvar regression: whether targets with values (not classes) are handled.
    :cvar classification: whether targets with classes are handled.
    :cvar reference: the publication, or "standard practice".
    :cvar libraries: modules that ``fit`` imports and that take seconds to load: workers get them before the first
        trial, and runs of less than a minute do without the method.
    :cvar trades: whether it gives up score for a smaller model than its source's: such a method is tried where the size
        is limited, or where it is named.
    :cvar always: whether it is tried in runs of less than a minute too, since others are measured by it.
    :cvar keeps: whether its predictor tells what it still knows of the source's own task (``Predictor.recollections``):
        such a method is tried where ``--keep-source`` is given, and others then are not, or where it is named.
    :cvar predictor: the class that ``fit`` returns, so that saved models can be restored.
    """

    name: ClassVar[str]
    needs: ClassVar[Asset]
    uses: ClassVar[Asset] = Asset.NONE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES})
    regression: ClassVar[bool] = True
    classification: ClassVar[bool] = True
    reference: ClassVar[str]
    libraries: ClassVar[tuple[str, ...]] = ()
    trades: ClassVar[bool] = False
    always: ClassVar[bool] = False
    keeps: ClassVar[bool] = False
    predictor: ClassVar[type[Predictor]]

    @abstractmethod
    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Train. ``source`` is None exactly when the method needs no source asset.

        Inputs are left as they were; randomness comes from ``ctx.seed`` alone; between iterations
        ``ctx.check_time()`` is called, and ``ctx.report(step, score)`` where there is something to report.
        """

    @classmethod
    @abstractmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """An instance with hyperparameters asked from ``suggest``, by their fields' names (see ``config.flatten``)."""

    @classmethod
    def refuses(cls, source: Source) -> str | None:
        """Why this source is of no use although it offers all that is needed, in words such as "its network has no
        attention"; None when it is. Asked before any trial, so it must answer within a second or so."""
        return None

    @classmethod
    def is_transfer(cls) -> bool:
        """False for methods that look at the target's rows and labels alone."""
        return bool(cls.needs & TRANSFER_ASSETS)

    @classmethod
    def takes_source(cls) -> bool:
        """Whether ``fit`` is given a source."""
        return bool(cls.needs & SOURCE_ASSETS)

    def params(self) -> dict[str, Any]:
        """Hyperparameters as JSON values; ``config.from_json(type(self), params)`` is the inverse."""
        from autotransfer.config import to_json

        return to_json(self)


class TwoStageMethod(Method, Generic[_Learned]):
    """A method that first learns from the source, whatever the target's rows are, and then adapts to those. Trials let
    it learn once for all folds in which the source's rows are the same."""

    @abstractmethod
    def learn(self, task: Task, source: Source | None, ctx: Context) -> _Learned:
        """What the source teaches. Of the task nothing but the number of classes may be looked at."""

    @abstractmethod
    def adapt(self, learned: _Learned, task: Task, ctx: Context) -> Predictor:
        """The model for the target's rows; ``learned`` is left as it was."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Both stages."""
        return self.adapt(self.learn(task, source, ctx), task, ctx)
