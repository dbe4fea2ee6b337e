"""The kit lets a sound method pass and catches each way of breaking a promise, by the check that is named for it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self, final

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Context, Source, Task
from autotransfer.testing import ConformanceError, Outcome, check_method, method_checks, parametrize_methods
from autotransfer.testing.toys import NearestMeans


@final
@dataclass(frozen=True, eq=False)
class Model(Predictor):
    """Softmax of distances to class means; ``flaws`` make it break one promise each."""

    means: Array
    flaws: tuple[str, ...] = ()

    def predict(self, data: Dataset) -> Array:
        if "one" in self.flaws and len(data) == 1:
            raise ValueError("I want company")
        if "empty" in self.flaws and len(data) == 0:
            raise ValueError("I want rows")
        found = NearestMeans(self.means).predict(data)
        if "centred" in self.flaws and len(data):
            found = NearestMeans(self.means).predict(data.with_inputs(data.X - data.X.mean(0)))
        if "nan" in self.flaws:
            return found * np.nan
        if "sum" in self.flaws:
            return found * 0.9
        if "negative" in self.flaws:
            return found - [[0.5, *[0.0] * (found.shape[1] - 2), -0.5]]
        if "thin" in self.flaws:
            return found[:, :1]
        return found.tolist() if "list" in self.flaws else found

    def state(self) -> State:
        means = np.zeros_like(self.means) if "forgetful" in self.flaws else self.means
        trusting = "trusting" in self.flaws
        return {"means": means, "flaws": list(self.flaws), "module": "json", "trusting": trusting}

    @classmethod
    def restore(cls, state: State) -> Self:
        if state["trusting"]:
            __import__(state["module"])
        if "pickled" in state["flaws"]:
            import pickle

            pickle.loads(pickle.dumps(Path("x")))  # noqa: S301 - the flaw to be caught
        return cls(np.asarray(state["means"]), tuple(state["flaws"]))


@final
@dataclass(frozen=True)
class Sound(Method):
    """Class means of target and source together (standard practice)."""

    weight: float = 0.5
    name: ClassVar[str] = "sound"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = Model

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        assert source is not None
        return Model(means(task, source, self.weight))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(weight=suggest.suggest_float("weight", 0.1, 1.0))


def means(task: Task, source: Source, weight: float = 0.5) -> Array:
    """Weighted class means of source and target; every class gets one."""
    total = np.zeros((task.n_classes, task.train.X.shape[1]))
    count = np.full((task.n_classes, 1), 1e-9)
    for data, share in ((task.train, 1.0), (source.rows, weight)):
        member = np.eye(task.n_classes)[data.labels]
        total += share * member.T @ data.X
        count += share * member.sum(0)[:, None]
    return total / count


def flawed(fit: Any = None, suggest: Any = None, **attributes: Any) -> type[Method]:
    """``Sound`` with something in it replaced."""
    members: dict[str, Any] = {
        "__doc__": Sound.__doc__,
        "__annotations__": {"weight": float},
        "weight": 0.5,
        **{name: getattr(Sound, name) for name in ("name", "needs", "regression", "reference", "predictor")},
        "fit": fit or Sound.fit,
        "suggest": classmethod(suggest) if suggest else Sound.__dict__["suggest"],
        **attributes,
    }
    return final(dataclass(frozen=True)(type("Flawed", (Method,), members)))


def with_model(*flaws: str) -> type[Method]:
    def fit(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
        return Model(means(task, source, self.weight), flaws)

    return flawed(fit)


def test_a_sound_method_passes() -> None:
    check_method(Sound)
    check_method(flawed())


def writes(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    task.train.X[0] = 0.0
    return Model(means(task, source))


def rolls_dice(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    return Model(means(task, source) + 0.1 * np.random.normal(size=(task.n_classes, 1)) + random.random() * 0.01)


def ignores_source(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    return Model(means(task, Source("empty", Asset.NONE, task.train, task.classes)))


def needs_domain(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    if task.unlabeled is None:
        raise ValueError("I want unlabelled rows")
    return Model(means(task, source))


def guesses(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    return Model(np.roll(means(task, source), 1, axis=0))


def counts_classes(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    assert len(np.unique(task.train.labels)) == task.n_classes, "a class is missing"
    return Model(means(task, source))


def dawdles(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    end = time.process_time() + (0.05 if len(task.train) > 500 else 0.0)
    while time.process_time() < end:
        means(task, source)
    return Model(means(task, source))


def minds_the_time(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    while len(task.train) > 500:
        ctx.check_time()
    return Model(means(task, source))


def reports_backwards(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    ctx.report(2, 0.5)
    ctx.report(1, 0.5)
    return Model(means(task, source))


def reports_nan(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    ctx.report(1, float("nan"))
    return Model(means(task, source))


def swallows(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    try:
        ctx.report(1, 0.5)
    except Exception:
        return Model(means(task, source))
    return Model(means(task, source))


def breaks_at_the_end(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    if self.weight == 1.0:
        raise FloatingPointError("too heavy")
    return Model(means(task, source, self.weight))


def returns_another(self: Any, task: Task, source: Source, ctx: Context) -> Predictor:
    return NearestMeans(means(task, source))


def asks_another_name(cls: Any, suggest: Suggest) -> Any:
    return cls(weight=suggest.suggest_float("wait", 0.1, 1.0))


def forgets_the_answer(cls: Any, suggest: Suggest) -> Any:
    suggest.suggest_float("weight", 0.1, 1.0)
    return cls()


def leaves_the_default_out(cls: Any, suggest: Suggest) -> Any:
    return cls(weight=suggest.suggest_float("weight", 0.6, 1.0))


def turns_the_range_round(cls: Any, suggest: Suggest) -> Any:
    return cls(weight=suggest.suggest_float("weight", 1.0, 0.1))


def logs_zero(cls: Any, suggest: Suggest) -> Any:
    return cls(weight=suggest.suggest_float("weight", 0.0, 1.0, log=True))


FLAWS: dict[str, tuple[type[Method], str, str]] = {
    "no reference": (flawed(reference=" "), "declaration", "reference is empty"),
    "no docstring": (flawed(__doc__=None), "declaration", "write"),
    "no kind of target": (flawed(classification=False), "declaration", "set classification or regression"),
    "no modality": (flawed(modalities=frozenset()), "declaration", "modalities is empty"),
    "needed and used": (flawed(uses=Asset.TARGET_LABELS), "declaration", "take it out of uses"),
    "a field without default": (flawed(__annotations__={"a": int}), "declaration", "has no default"),
    "a field that is no JSON": (flawed(weight=np.float32(1)), "settings", "is no JSON"),
    "other arguments": (flawed(lambda self, task, origin, ctx: None), "declaration", "write def fit("),
    "open keywords": (flawed(helper=lambda self, **kw: 1), "declaration", "name its arguments"),
    "another name": (flawed(suggest=asks_another_name), "suggest_names", "'wait', which is no field"),
    "a lost answer": (flawed(suggest=forgets_the_answer), "suggest_names", "pass it on"),
    "a default out of range": (flawed(suggest=leaves_the_default_out), "suggest_defaults", "widen it"),
    "an empty range": (flawed(suggest=turns_the_range_round), "suggest_names", "write the lower end first"),
    "a log of zero": (flawed(suggest=logs_zero), "suggest_names", "a log range starts above 0"),
    "a need that nobody meets": (flawed(needs=Asset.DICTIONARY), "toy_problems", "pass problems="),
    "an undeclared model": (flawed(returns_another), "outputs", "write predictor = NearestMeans"),
    "a list": (with_model("list"), "outputs", "return a numpy array"),
    "one column": (with_model("thin"), "outputs", "returned shape (200, 1), not (200, 2)"),
    "not a number": (with_model("nan"), "outputs", "NaN or infinite"),
    "nine tenths": (with_model("sum"), "outputs", "divide each row by its sum"),
    "below zero": (with_model("negative"), "outputs", "negative probabilities"),
    "worse than chance": (flawed(guesses), "beats_chance", "choose saner defaults"),
    "afraid of no row": (with_model("empty"), "few_rows", "I want rows"),
    "afraid of one row": (with_model("one"), "few_rows", "I want company"),
    "looks at the others": (with_model("centred"), "few_rows", "gets different predictions"),
    "writes": (flawed(writes), "inputs_unmodified", "copy before writing"),
    "dice": (flawed(rolls_dice), "deterministic", "ctx.rng()"),
    "an asset too many": (flawed(ignores_source), "assets_used", "take Asset.SOURCE_INPUTS out of needs"),
    "an asset too few": (flawed(needs_domain), "assets_suffice", "I want unlabelled rows; add what it lacks to needs"),
    "all classes": (flawed(counts_classes), "absent_class", "a class is missing"),
    "steps back": (flawed(reports_backwards), "reports", "steps rise"),
    "reports no number": (flawed(reports_nan), "reports", "report finite scores"),
    "will not be pruned": (flawed(swallows), "reports", "let it pass"),
    "forgets": (with_model("forgetful"), "saves_and_loads", "put all that predict uses into state()"),
    "unpickles": (with_model("pickled"), "saves_and_loads", "plain data"),
    "trusts": (with_model("trusting"), "distrusts_state", "plain data"),
    "a bad corner": (flawed(breaks_at_the_end), "settings_fit", "'weight': 1.0}: FloatingPointError: too heavy"),
}


@pytest.mark.parametrize(("method", "check", "words"), FLAWS.values(), ids=FLAWS)
def test_each_flaw_is_caught_by_the_check_named_for_it(method: type[Method], check: str, words: str) -> None:
    results = [result.result() for result in method_checks(method) if result.name == check]
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    assert failed
    assert words in failed[0].detail
    assert failed[0].detail.startswith(f"{method.name}: {check}")
    with pytest.raises(ConformanceError):
        check_method(method)


def test_what_goes_on_after_the_deadline_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autotransfer.testing.behaviour.SECONDS", 0.04)
    (check,) = [check for check in method_checks(flawed(dawdles)) if check.name == "stops_in_time"]
    assert "call ctx.check_time()" in check.result().detail
    monkeypatch.setattr("autotransfer.testing.behaviour.SECONDS", 5.0)
    (check,) = [check for check in method_checks(flawed(minds_the_time)) if check.name == "stops_in_time"]
    assert check.result().outcome is Outcome.PASSED


def test_a_fit_that_starts_cuda_on_the_cpu_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False])
    monkeypatch.setattr("autotransfer.testing.laboratory.gpu_untouched", lambda: next(answers))
    (check,) = [check for check in method_checks(Sound) if check.name == "follows_device"]
    assert "it started CUDA although ctx.device is cpu" in check.result().detail


def test_what_a_method_does_not_declare_is_skipped_with_the_reason() -> None:
    results = {check.label: check.result() for check in method_checks(Sound)}
    assert results["outputs[regression_shift]"].detail == "it declares regression = False"
    assert results["outputs[no_target_labels]"].detail == "it needs labelled target rows"
    assert results["outputs[disjoint_classes]"].outcome is Outcome.SKIPPED


def test_an_exemption_has_a_reason_and_a_check() -> None:
    method = with_model("nan")
    results = [check.result() for check in method_checks(method, exempt={"outputs[noise]": "wide rows overflow"})]
    assert [result.detail for result in results if result.outcome is Outcome.EXEMPT] == ["wide rows overflow"]
    with pytest.raises(ValueError, match="no check is called 'output'"):
        list(method_checks(method, exempt={"output": "why"}))
    with pytest.raises(ValueError, match="has no reason"):
        list(method_checks(method, exempt={"outputs": " "}))
    with pytest.raises(ValueError, match="'else', which is not among the methods: sound"):
        parametrize_methods([Sound], exempt={"else": {"outputs": "why"}})


@parametrize_methods([Sound])
def test_the_parametrizer_runs_every_check(check: Any) -> None:
    check()


@final
@dataclass(frozen=True, eq=False)
class Centred(Predictor):
    """Class means of rows about their domain's mean."""

    mean: Array
    means: Array
    source_mean: Array | None = None

    def predict(self, data: Dataset) -> Array:
        return NearestMeans(self.means).predict(data.with_inputs(data.X - self.mean))

    def for_source(self) -> Predictor:
        return self if self.source_mean is None else Centred(self.source_mean, self.means)

    def state(self) -> State:
        return {"mean": self.mean, "means": self.means}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(np.asarray(state["mean"]), np.asarray(state["means"]))


@final
@dataclass(frozen=True)
class MeansAligned(Method):
    """Each domain about its own mean (standard practice)."""

    name: ClassVar[str] = "means_aligned"
    tells: ClassVar[bool] = True
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_UNLABELED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = Centred

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        assert source is not None
        assert task.unlabeled is not None
        mean = source.rows.X.mean(0)
        rows = source.rows.with_inputs(source.rows.X - mean)
        present = np.unique(rows.labels)
        means = np.full((task.n_classes, mean.size), 1e3)
        means[present] = [rows.X[rows.labels == label].mean(0) for label in present]
        return Centred(task.unlabeled.X.mean(0), means, mean if self.tells else None)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls()


@pytest.mark.parametrize("tells", [True, False])
def test_a_model_that_maps_its_domains_differently_says_how_rows_of_the_source_reach_it(
    tells: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validators judge it by source rows, which the target's way would lead astray."""
    monkeypatch.setattr(MeansAligned, "tells", tells)
    (check,) = (check for check in method_checks(MeansAligned) if check.name == "knows_its_source")
    result = check.result()
    assert result.outcome is (Outcome.PASSED if tells else Outcome.FAILED)
    assert tells or "for_source" in result.detail
