"""Fits of one method in one trial; what it learns from the source alone, it learns once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from autotransfer.method import Method, TwoStageMethod
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task


def _same(context: Context) -> Context:
    return context


@final
class Fitter:
    """Fits a method again and again, to different rows of one target."""

    def __init__(self, method: Method) -> None:
        self.method = method
        self._rows: object = None
        self._learned: Any = None

    def fit(
        self, task: Task, source: Source | None, context: Context, paced: Callable[[Context], Context] = _same
    ) -> Predictor:
        """As ``method.fit``. A method of two stages keeps what the first one gave, as long as the source's rows are the
        very same array: encoders that learn from the target's rows make others of them in each fold.

        :param paced: what becomes of the context for all but what is learned once.
        """
        if not isinstance(self.method, TwoStageMethod):
            return self.method.fit(task, source, paced(context))
        rows = None if source is None or source.data is None else source.data.inputs
        if rows is None or rows is not self._rows:
            self._learned, self._rows = self.method.learn(task, source, context), rows
        return self.method.adapt(self._learned, task, paced(context))
