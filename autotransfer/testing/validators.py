"""The conformance kit for validators."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from autotransfer.testing import withhold
from autotransfer.testing.check import Check, ConformanceError, require, with_exemptions
from autotransfer.testing.clues import crowd, only, reordered, toy_evidence, under_other_names
from autotransfer.testing.declaration import declaration
from autotransfer.validator import LabelFree, Validator, describe

SECONDS = 5.0
"""Processor seconds for a score on a few thousand rows."""

TOLERANCE = 1e-6
"""Scores that differ by no more than this are equal."""


def check_validator(validator: Validator, *, exempt: Mapping[str, str] | None = None) -> None:
    """Raise ``ConformanceError`` at the first promise that the validator breaks.

    :param exempt: check name, or ``name[case]``, -> why the promise cannot hold.
    """
    for check in validator_checks(validator, exempt=exempt):
        check()


def validator_checks(validator: Validator, *, exempt: Mapping[str, str] | None = None) -> Iterator[Check]:
    """The checks of one validator, to be run in order."""
    name = str(getattr(validator, "name", type(validator).__name__))
    first = Check(name, "declaration", partial(_declared, validator))
    try:
        first()
    except ConformanceError:
        yield first  # it says what is wrong; nothing else can run
        return
    yield from with_exemptions([first, *_Bench(name, validator).checks()], exempt or {})


def _declared(validator: Validator) -> None:
    declaration("validator", validator)
    require(validator.needs, "it needs nothing: name in needs what score looks at")
    require(validator.regression or validator.classification, "it judges neither classes nor values: set one to True")
    require(hash(validator) == hash(replace(validator)), "equal validators have different hashes: keep fields plain")  # type: ignore[type-var]


@dataclass(frozen=True, eq=False)
class _Bench:
    """One validator and toy evidence."""

    name: str
    validator: Validator

    def checks(self) -> Iterator[Check]:
        for regression in (False, True):
            case = "values" if regression else "classes"
            handles = self.validator.regression if regression else self.validator.classification
            skip = None if handles else f"it declares {'regression' if regression else 'classification'} = False"
            promises = [self._finite, self._right_over_wrong, self._deterministic, self._needs_suffice]
            promises += [self._inputs_unmodified, self._order_of_rows, self._few_rows, self._quick]
            for promise in promises if regression else [*promises, self._names_of_classes, self._collapsed]:
                body = partial(promise, toy_evidence(regression=regression))
                yield Check(self.name, promise.__name__.strip("_"), body, case, skip)

    def _score(self, evidence: LabelFree) -> float:
        found = self.validator.score(evidence)
        require(isinstance(found, float), f"score returned {type(found).__name__}: return float(value)")
        return found

    def _finite(self, evidence: LabelFree) -> None:
        found = self._score(evidence)
        require(math.isfinite(found), f"score gave {found} on sound rows: NaN is for rows where it is undefined")

    def _right_over_wrong(self, evidence: LabelFree) -> None:
        """Predictions that are right in both domains beat ones drawn by lot, whatever the direction reported."""
        good, bad = self._score(evidence), self._score(toy_evidence(regression=not evidence.n_classes, by_lot=True))
        words = f"right predictions get {good:.4g}, ones drawn by lot get {bad:.4g}: larger is better in score"
        require(good > bad, f"{words}, higher_is_better is for reports alone")

    def _deterministic(self, evidence: LabelFree) -> None:
        found = self._score(evidence), self._score(evidence)
        require(found[0] == found[1], f"one seed gives {found[0]} and {found[1]}: take all randomness from the seed")

    def _needs_suffice(self, evidence: LabelFree) -> None:
        """With every other clue withheld, the score is the same."""
        needs = self.validator.needs
        try:
            found = self._score(only(needs, evidence))
        except Exception as error:
            words = f"given {describe(needs)} alone, score raised {type(error).__name__}: {error}"
            raise ConformanceError(f"{words}; add what it lacks to needs, or do without") from error
        whole = self._score(evidence)
        require(
            found == whole, f"given {describe(needs)} alone it says {found}, else {whole}: declare what it looks at"
        )

    def _inputs_unmodified(self, evidence: LabelFree) -> None:
        before = _fingerprint(evidence)
        self._score(evidence)
        require(_fingerprint(evidence) == before, "the evidence was changed: copy before writing")

    def _order_of_rows(self, evidence: LabelFree) -> None:
        """Rows have no order."""
        self._same(evidence, reordered(evidence), "rows in another order")

    def _names_of_classes(self, evidence: LabelFree) -> None:
        """Classes have no order."""
        self._same(evidence, under_other_names(evidence), "the same classes in another order")

    def _same(self, evidence: LabelFree, other: LabelFree, words: str) -> None:
        found = self._score(evidence), self._score(other)
        require(abs(found[0] - found[1]) <= TOLERANCE, f"{words}: {found[1]} in place of {found[0]}")

    def _few_rows(self, evidence: LabelFree) -> None:
        """One row of each domain: a value or NaN, no exception."""
        self._score(crowd(evidence, 1))

    def _collapsed(self, evidence: LabelFree) -> None:
        """All rows in one class: a value or NaN, no exception."""
        rows = [evidence.held_predictions, evidence.target_predictions]
        held, target = (np.eye(evidence.n_classes)[np.zeros(len(part), np.int64)] for part in rows)
        self._score(replace(evidence, held_predictions=held, target_predictions=target))

    def _quick(self, evidence: LabelFree) -> None:
        many = crowd(evidence, 3000)
        start = time.process_time()
        self._score(many)
        spent = time.process_time() - start
        require(spent < SECONDS, f"it took {spent:.1f} s for 3000 rows a domain: sample rows with the seed")


def _fingerprint(evidence: LabelFree) -> list[object]:
    arrays = (
        evidence.held_predictions,
        evidence.target_predictions,
        evidence.known_features,
        evidence.held_features,
        evidence.target_features,
    )
    rows = (evidence.known, evidence.held, evidence.target)
    return [*(withhold.fingerprint(part) for part in rows), *(np.asarray(part).tobytes() for part in arrays)]
