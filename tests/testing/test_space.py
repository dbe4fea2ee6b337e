"""The corners of a search space: both ends of each range under every choice, nested choices included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self, final

import pytest

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer.testing.check import ConformanceError
from autotransfer.testing.space import Answers, corners


@final
@dataclass(frozen=True)
class Nested(Method):
    """Asks for a kind, and under one kind for another choice and a range."""

    kind_of: str = "plain"
    deep: str = "x"
    size: int = 3
    rate: float = 0.1
    name: ClassVar[str] = "nested"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        raise NotImplementedError

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        if suggest.suggest_categorical("kind_of", ("plain", "rich")) == "plain":
            return cls(rate=suggest.suggest_float("rate", 0.01, 1.0, log=True))
        deep = suggest.suggest_categorical("deep", ("x", "y"))
        return cls("rich", deep, suggest.suggest_int("size", 1, 9))


def test_every_end_and_every_choice_is_visited() -> None:
    seen = [instance for instance, _ in corners(Nested)]
    assert {(m.kind_of, m.rate) for m in seen if isinstance(m, Nested) and m.kind_of == "plain"} == {
        ("plain", 0.01),
        ("plain", 1.0),
    }
    rich = {(m.deep, m.size) for m in seen if isinstance(m, Nested) and m.kind_of == "rich"}
    assert rich == {("x", 1), ("x", 9), ("y", 1), ("y", 9)}


def test_the_values_given_are_told() -> None:
    for instance, values in corners(Nested):
        assert {name: getattr(instance, name) for name in values} == values


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("suggest_float", (2.0, 1.0), "is empty"),
        ("suggest_int", (1.5, 2), "takes ints"),
        ("suggest_categorical", ((),), "at least one choice"),
        ("suggest_categorical", (([1],),), "is not a bool, int, float or str"),
    ],
)
def test_impossible_questions_are_refused(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ConformanceError, match=words):
        getattr(Answers(), name)("x", *arguments)


def test_one_name_stands_for_one_question() -> None:
    answers = Answers()
    answers.suggest_float("x", 0.0, 1.0)
    assert answers.suggest_float("x", 0.0, 1.0) == 0.0
    with pytest.raises(ConformanceError, match="two questions of one name"):
        answers.suggest_float("x", 0.0, 2.0)


@pytest.mark.parametrize(("given", "fits"), [(1, True), (0, True), (2, False), (True, False), (0.5, False)])
def test_given_answers_must_fit_the_question(given: Any, fits: bool) -> None:
    answers = Answers({"x": given})
    if fits:
        assert answers.suggest_int("x", 0, 1) == given
    else:
        with pytest.raises(ConformanceError, match="is not allowed by"):
            answers.suggest_int("x", 0, 1)
