"""A method's search space, seen by answering its questions ourselves: both ends of each range, every choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from autotransfer.method import Method
from autotransfer.testing.check import ConformanceError, require

_Choice = TypeVar("_Choice", bool, int, float, str)
End = Literal["low", "high"]


@dataclass(frozen=True)
class Question:
    """One call of ``suggest_*``: a range, or choices."""

    name: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Any, ...] | None = None
    whole: bool = False

    def allows(self, value: object) -> bool:
        """Whether the value may be an answer."""
        if self.choices is not None:
            return any(value == choice and type(value) is type(choice) for choice in self.choices)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.low <= value <= self.high and not (self.whole and not isinstance(value, int))

    def __str__(self) -> str:
        if self.choices is not None:
            return f"{self.name} in {list(self.choices)}"
        return f"{self.name} in [{self.low}, {self.high}]{' (log)' if self.log else ''}"


@dataclass
class Answers:
    """A ``Suggest`` that answers from ``given``, else with the first choice and one end of each range.

    ``asked`` records the questions, by name.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    end: End = "low"
    asked: dict[str, Question] = field(default_factory=dict)

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """A float in [low, high]."""
        return float(self._answer(_range(name, low, high, log, whole=False)))

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """An int in [low, high]."""
        require(isinstance(low, int) and isinstance(high, int), f"{name}: suggest_int takes ints, not {low}, {high}")
        return int(self._answer(_range(name, low, high, log, whole=True)))

    def suggest_categorical(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """One of the choices."""
        require(len(choices) > 0, f"{name}: suggest_categorical needs at least one choice")
        for choice in choices:
            plain = isinstance(choice, bool | int | float | str)
            require(plain, f"{name}: the choice {choice!r} is not a bool, int, float or str; name it by its kind")
        answer: _Choice = self._answer(Question(name, choices=tuple(choices)))
        return answer

    def _answer(self, question: Question) -> Any:
        earlier = self.asked.get(question.name, question)
        require(earlier == question, f"two questions of one name: {earlier} and {question}; ask each name once")
        self.asked[question.name] = question
        if question.name in self.given:
            value = self.given[question.name]
            require(question.allows(value), f"{question.name} = {value!r} is not allowed by {question}: widen it")
            return value
        if question.choices is not None:
            return question.choices[0]
        return question.low if self.end == "low" else question.high


def corners(method: type[Method]) -> Iterator[tuple[Method, dict[str, Any]]]:
    """Instances at both ends of every range, under every choice, each with the values that it was given.

    Choices are varied one at a time; choices that appear only under another choice are varied under it.
    Raises ``ConformanceError`` when a name stands for different questions: a search cannot learn from these.
    """
    known: dict[str, Question] = {}
    waiting: list[dict[str, Any]] = [{}]
    varied: set[tuple[str, Any]] = set()
    while waiting:
        script = waiting.pop(0)
        for end in ("low", "high"):
            answers = Answers(script, end)
            instance = method.suggest(answers)
            _agree(known, answers.asked)
            values = {name: _value(question, script, end) for name, question in answers.asked.items()}
            yield instance, values
        for name, question in answers.asked.items():
            for choice in question.choices or ():
                if (name, choice) not in varied and choice != values[name]:
                    waiting.append({**_choices(answers.asked, values), name: choice})
                varied.add((name, choice))


def _choices(asked: Mapping[str, Question], values: Mapping[str, Any]) -> dict[str, Any]:
    """The choices in force: they keep a nested question reachable."""
    return {name: values[name] for name, question in asked.items() if question.choices is not None}


def _value(question: Question, script: Mapping[str, Any], end: str) -> Any:
    if question.choices is not None:
        return script.get(question.name, question.choices[0])
    return question.low if end == "low" else question.high


def _agree(known: dict[str, Question], asked: Mapping[str, Question]) -> None:
    for name, question in asked.items():
        earlier = known.setdefault(name, question)
        require(earlier == question, f"{name} is asked as {earlier} and as {question}: one name, one range")


def _range(name: str, low: float, high: float, log: bool, *, whole: bool) -> Question:
    if not low <= high:
        raise ConformanceError(f"{name}: the range [{low}, {high}] is empty: write the lower end first")
    require(not log or low > 0, f"{name}: a log range starts above 0, not at {low}")
    return Question(name, low, high, log, whole=whole)
