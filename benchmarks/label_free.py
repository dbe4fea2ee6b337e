"""Every candidate on one pair: what each validator says of it, and what the target's labels say."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.bench import Bench, prepare
from autotransfer.catalogue import Catalogue
from autotransfer.data import Array, Modality
from autotransfer.labelfree import observe, unfit
from autotransfer.problem import Problem, RawData
from autotransfer.space import Candidate, Space
from autotransfer.splits import ROUNDS, Round
from autotransfer.task import Context
from benchmarks.tasks.pairs import Pair
from benchmarks.tasks.rows import Rows

SOURCE_ONLY = "source_only"
SECONDS = 600.0
"""Time for all rounds of one candidate; what takes longer is left out."""


@dataclass(frozen=True)
class Effort:
    """:param extra: candidates with random settings, after all methods' defaults. :param rounds: of each candidate."""

    extra: int
    rounds: int = ROUNDS


@dataclass(frozen=True)
class Judged:
    """One candidate on one pair. Scores are larger-is-better.

    :param reference: whether it is the source alone, with its defaults and the first encoder.
    :param truth: of each round, by the target's labels.
    :param scores: validator -> its score of each round; None where it is undefined.
    """

    pair: str
    family: str
    seed: int
    regression: bool
    candidate: str
    reference: bool
    truth: tuple[float, ...]
    scores: Mapping[str, tuple[float | None, ...]]

    def to_json(self) -> dict[str, Any]:
        """JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Judged:
        """The inverse of :meth:`to_json`."""
        scores = {name: tuple(values) for name, values in data["scores"].items()}
        return cls(**data | {"truth": tuple(data["truth"]), "scores": scores})


def judge_pair(pair: Pair, data: Path, seed: int, effort: Effort) -> list[Judged]:
    """All candidates of a pair that finish."""
    from autotransfer.equip import equip
    from autotransfer.loading import load_problem
    from autotransfer.plugins import load_catalogue
    from autotransfer.settings import Settings

    catalogue = load_catalogue()
    source, target = pair.rows(data, seed)
    settings = Settings(metric=pair.metric, seed=seed)
    raw = [_raw("target", target, pair, labeled=False), _raw("source", source, pair, labeled=True)]
    problem = load_problem(raw[0], raw[1:], settings, catalogue.hook)
    space, bench = equip(problem, catalogue, settings, [])
    y = _labels(problem, target)
    found = (
        _judge(bench, catalogue, candidate, y, (seed, effort.rounds))
        for candidate in candidates(space, effort.extra, seed)
    )
    return [Judged(pair.name, pair.family, seed, pair.regression, *one) for one in found if one is not None]


def candidates(space: Space, extra: int, seed: int) -> list[Candidate]:
    """Every method's defaults with its first encoder, then ``extra`` random methods, encoders and settings."""
    from autotransfer.search import Study, sampler_maker

    chosen = [space.default(arm, next(iter(space.encoders[arm]), None)) for arm in space.arms]
    study = Study(space, sampler_maker("random", seed, {}), None, "candidates")
    return chosen + [study.ask().candidate for _ in range(extra)]


def _judge(
    bench: Bench, catalogue: Catalogue, candidate: Candidate, y: Array, rounds: tuple[int, int]
) -> tuple[str, bool, tuple[float, ...], dict[str, tuple[float | None, ...]]] | None:
    seed, count = rounds
    nothing = np.empty(0, np.int64)
    method, source = candidate.method, bench.source(candidate.arm.source, whole=False)
    deadline = time.monotonic() + SECONDS
    able = [validator for validator in catalogue.validators.values() if unfit(validator, bench.metric) is None]
    truth: list[float] = []
    scores: dict[str, list[float | None]] = {validator.name: [] for validator in able}
    try:
        ready = prepare(bench, type(method), source, candidate.encoder, (nothing, nothing))
        for index in range(count):
            context = Context(seed + index, deadline=deadline)
            _, evidence = observe(method, ready, bench.metric, Round(seed, index), context)
            truth.append(bench.metric.score(y, evidence.target_predictions))
            for validator in able:
                value = validator.score(evidence)
                scores[validator.name].append(value if math.isfinite(value) else None)
    except Exception as error:  # one candidate's failure is no reason to lose the others
        print(f"  {candidate.arm}: {type(error).__name__}: {error}", flush=True)
        return None
    name = f"{candidate.arm.method} {candidate.encoder} {method.params()}"
    reference = candidate.arm.method == SOURCE_ONLY and method == type(method)() and _is_first(bench, candidate)
    return name, reference, tuple(truth), {key: tuple(values) for key, values in scores.items()}


def _is_first(bench: Bench, candidate: Candidate) -> bool:
    """Whether the encoder is the one that would be tried first."""
    fitting = (
        e.name for e in bench.encoders.values() if e.refuses(bench.problem.unlabeled or bench.problem.target) is None
    )
    return candidate.encoder == next(fitting, None)


def _raw(name: str, rows: Rows, pair: Pair, *, labeled: bool) -> RawData:
    inputs, modality = rows.inputs, Modality.TABLE
    if isinstance(inputs, np.ndarray):
        modality = Modality.IMAGE if inputs.dtype == np.uint8 else Modality.FEATURES
    elif list(inputs.columns) == ["text"]:
        inputs, modality = inputs["text"].to_numpy(dtype=object), Modality.TEXT
    y = rows.y if pair.regression else rows.y.astype(str).astype(object)
    return RawData(name, modality, inputs, y if labeled else None)


def _labels(problem: Problem, target: Rows) -> Array:
    """The withheld labels of the unlabelled rows, which stand in the order they were given in."""
    if problem.unlabeled is None or len(problem.unlabeled) != len(target):
        raise RuntimeError(f"{problem.name}: rows were dropped while loading")
    if problem.classes is None:
        return np.asarray(target.y, dtype=np.float64)
    index = {name: position for position, name in enumerate(problem.classes)}
    return np.array([index[str(label)] for label in target.y], dtype=np.int64)


def read(journal: Path) -> Iterator[Judged]:
    """What a journal holds, whole lines alone."""
    import json

    if journal.exists():
        for line in journal.read_text(encoding="utf-8").rpartition("\n")[0].splitlines():
            yield Judged.from_json(json.loads(line))
