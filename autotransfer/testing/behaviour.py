"""What a fitted method must do, one function a promise. Each takes a laboratory and, mostly, a toy problem."""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from autotransfer.assets import Asset, describe
from autotransfer.errors import OutOfTimeError, PrunedError
from autotransfer.state import State, load_state, save_state
from autotransfer.task import Context
from autotransfer.testing import withhold
from autotransfer.testing.audit import nothing_executed
from autotransfer.testing.check import ConformanceError, require
from autotransfer.testing.laboratory import Laboratory, changed, device, fingerprints, predictions, score
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only
from autotransfer.testing.space import corners

SECONDS = 3.0
"""Processor seconds that a method may go on working after its deadline, on a few thousand rows."""

_KNOWN = 0.7
"""Accuracy on the source rows that a model was trained on, three classes far apart."""

CHANGE = 1e-9
"""Predictions that differ by more than this are different."""


def outputs(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Sound predictions for many rows, and the class that was declared."""
    predictor = laboratory.fit(problem, laboratory.method())
    declared = laboratory.method.predictor
    found = type(predictor)
    require(found is declared, f"fit returned {found.__name__}: write predictor = {found.__name__} in the class")
    predictions(predictor, problem.test, problem.task)


def beats_chance(laboratory: Laboratory, problem: ToyProblem) -> None:
    """A toy shift is easy: the defaults reach its floor."""
    found = score(
        predictions(laboratory.fit(problem, laboratory.method()), problem.test, problem.task),
        problem.test,
        problem.task,
    )
    words = f"the defaults score {found:.2f} on unseen rows, {problem.floor} or more is easy: choose saner defaults"
    require(problem.floor is None or found >= problem.floor, f"{words}, or look for a bug in fit")


def knows_its_source(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Source rows far from the target's: the model that ``for_source`` gives knows their classes. Validators ask it."""
    rows = problem.source.rows
    X = rows.X * np.linspace(0.5, 3.0, rows.X.shape[1]) + np.linspace(-3.0, 4.0, rows.X.shape[1])
    there = replace(problem.source, data=rows.with_inputs(read_only(X)))
    predictor = laboratory.fit_anew(replace(problem, source=there), laboratory.method())
    found = score(
        predictions(predictor.for_source(), there.rows.without_labels(), problem.task), there.rows, problem.task
    )
    words = f"its model for rows of the source scores {found:.2f} on them, {_KNOWN} or more is easy: where source and"
    require(found >= _KNOWN, f"{words} target are mapped differently, let the predictor's for_source take the former's")


def few_rows(laboratory: Laboratory, problem: ToyProblem) -> None:
    """No row, one row, many rows; and what is said of a row does not depend on its company."""
    predictor, test = laboratory.fit(problem), problem.test
    predictions(predictor, test.take(np.arange(0)), problem.task)
    alone = predictions(predictor, test.take(np.arange(1)), problem.task)
    together = predictions(predictor, test, problem.task)[:1]
    words = "a row alone and among others gets different predictions: keep statistics of the training rows in the model"
    require(np.allclose(alone, together, atol=1e-4), words)


def inputs_unmodified(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Fit and predict leave every row and label as it was."""
    fitted, before = laboratory.watched(problem), fingerprints(problem)
    predictions(fitted.predictor, problem.test, problem.task)
    found = (*fitted.changed, *changed(problem, before))
    require(not found, f"{found and found[0]} was changed: copy before writing")


def deterministic(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Equal seeds give equal predictions, whatever the global generators hold."""
    first = laboratory.fit(problem).predict(problem.test)
    kept = random.getstate(), np.random.get_state()
    try:
        random.seed(1)
        np.random.seed(1)
        second = laboratory.fit_anew(problem).predict(problem.test)
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
    require(
        np.array_equal(first, second),
        "two fits with one seed differ: take all randomness from ctx.rng() or ctx.seed",
    )


def assets_suffice(laboratory: Laboratory, problem: ToyProblem) -> None:
    """With everything that is not declared as needed taken away, it still works."""
    needs = laboratory.method.needs
    task, source = withhold.only(needs, problem)
    try:
        predictor = laboratory.fit_on(task, source)
    except Exception as error:
        words = f"given {describe(needs)} alone, fit raised {type(error).__name__}: {error}"
        raise ConformanceError(f"{words}; add what it lacks to needs, or do without") from error
    predictions(predictor, problem.test, task)


def assets_used(laboratory: Laboratory, asset: Asset) -> None:
    """Another content of a declared asset changes the predictions, on some problem, under some settings."""
    settings = [laboratory.usual, *(instance for instance, _ in corners(laboratory.method))]
    likely = [*laboratory.samples, *(problem for problem in laboratory.fitting if problem not in laboratory.samples)]
    for problem in likely:
        for other in withhold.changes(asset, problem):
            for config in settings:
                before = laboratory.fit(problem, config).predict(problem.test)
                after = laboratory.fit_anew(other, config).predict(problem.test)
                if np.abs(before - after).max() > CHANGE:
                    return
    words = f"it declares {describe(asset)} but predicts the same whatever they hold"
    raise ConformanceError(f"{words}: use them in fit, or take {asset} out of needs and uses")


def absent_class(laboratory: Laboratory, problem: ToyProblem) -> None:
    """A class, or all but one, without a training row still gets its column of probabilities."""
    train = problem.task.train
    for present in range(1, problem.task.n_classes):
        task = withhold.with_train(problem.task, train.take(train.labels < present))
        source = withhold.source_for(laboratory.method.needs, problem.source)
        predictions(laboratory.fit_on(task, source), problem.test, task)


def stops_in_time(laboratory: Laboratory, problem: ToyProblem) -> None:
    """With the deadline behind it or 0.2 s ahead, fit raises ``OutOfTimeError`` or returns soon."""
    for seconds in (-1.0, 0.2):
        context = Context(device=device(), deadline=time.monotonic() + seconds)
        start = time.process_time()  # not the clock on the wall: other processes do not count
        with contextlib.suppress(OutOfTimeError):
            laboratory.fit_anew(problem, laboratory.method(), context)
        spent = time.process_time() - start
        words = f"it went on for {spent:.1f} s with {max(seconds, 0)} s left: call ctx.check_time() in every loop"
        require(spent < SECONDS, words)


def reports(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Reported steps rise, scores are numbers, and ``PrunedError`` passes through."""
    reported = laboratory.watched(problem).reported
    for index, (step, value) in enumerate(reported):
        last = [earlier for earlier, _ in reported[:index]][-1:]
        require(not last or step > last[0], f"ctx.report got step {step} after {last}: steps rise")
        require(np.isfinite(value), f"ctx.report got the score {value}: report finite scores, larger is better")
    if not reported:
        return

    def prune(step: int, value: float) -> None:
        raise PrunedError

    try:
        laboratory.fit_anew(problem, context=Context(device=device(), report=prune))
    except PrunedError:
        return
    raise ConformanceError("fit went on after ctx.report raised PrunedError: let it pass")


def saves_and_loads(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Through files of JSON and arrays and back, predictions are equal, and nothing is unpickled."""
    predictor = laboratory.fit(problem)
    with tempfile.TemporaryDirectory() as folder, nothing_executed():
        save_state(Path(folder), predictor.state())
        restored = laboratory.method.predictor.restore(load_state(Path(folder)))
    before, after = predictor.predict(problem.test), restored.predict(problem.test)
    same = before.shape == after.shape and np.allclose(before, after, rtol=1e-5, atol=1e-6)
    require(same, "the restored model predicts something else: put all that predict uses into state()")


def distrusts_state(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Names of modules in place of every text in a saved model are not followed."""
    hostile = _poison(laboratory.fit(problem).state())
    with nothing_executed("this"):
        try:
            laboratory.method.predictor.restore(hostile)
        except Exception as error:  # to refuse is right, whatever the words; to follow is not
            require(not isinstance(error, ConformanceError), str(error))


def settings_fit(laboratory: Laboratory, problem: ToyProblem) -> None:
    """Every corner of the search space gives a model with sound predictions."""
    for instance, values in corners(laboratory.method):
        try:
            predictions(laboratory.fit(problem, instance), problem.test, problem.task)
        except Exception as error:
            words = f"with {values}: {type(error).__name__}: {error}"
            raise ConformanceError(f"{words}; narrow the range in suggest, or mend fit") from error


def follows_device(laboratory: Laboratory, problem: ToyProblem) -> None:
    """It works on ``ctx.device``: on a GPU it says what it says on the CPU; on the CPU it leaves GPUs alone."""
    if device() == "cpu":
        started = laboratory.watched(problem).started_gpu
        require(not started, "it started CUDA although ctx.device is cpu: use ctx.device")
        return
    here = laboratory.fit(problem).predict(problem.test)
    there = laboratory.fit_anew(problem, context=Context(device="cpu")).predict(problem.test)
    require(np.abs(here - there).mean() < 0.05, f"predictions on {device()} and on the CPU are far apart")


def _poison(value: State) -> State:
    def spoil(item: object) -> object:
        if isinstance(item, str):
            return "this"
        if isinstance(item, dict):
            return {key: spoil(inner) for key, inner in item.items()}
        if isinstance(item, list | tuple):
            return [spoil(inner) for inner in item]
        return item

    return {key: spoil(item) for key, item in value.items()}
