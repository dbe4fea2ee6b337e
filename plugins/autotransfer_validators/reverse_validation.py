"""Reverse (circular) validation: labels must survive the way to the target and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured


@final
@dataclass(frozen=True)
class ReverseValidation(Measured):
    """Zhong, Fan, Yang, Verscheure and Ren, Cross Validation Framework to Choose amongst Models and Datasets for
    Transfer Learning, ECML PKDD 2010 (https://doi.org/10.1007/978-3-642-15939-8_35); in the form of Ganin et al., JMLR
    17, 2016.

    A method has learned from source rows and labelled the target's. Fitted anew, it learns from the target rows with
    these pseudo-labels and from the source rows without theirs, and predicts the source rows that were held out. Where
    a source holds several domains, the labels have to find back to each of them.
    """

    name: ClassVar[str] = "reverse_validation"
    needs: ClassVar[Clue] = Clue.HELD_OUT | Clue.TARGET | Clue.REFIT
    higher_is_better: ClassVar[bool] = True
    in_metric: ClassVar[bool] = True
    unit: ClassVar[str] = "the run's metric"
    cost: ClassVar[str] = "one more fit of the method for each domain of the source"
    meaning: ClassVar[str] = (
        "how well the source's labels survive the way to the target and back, blind to errors that are consistent, "
        "such as two classes exchanged"
    )
    reference: ClassVar[str] = "Zhong et al., ECML PKDD 2010, doi:10.1007/978-3-642-15939-8_35"
    regression: ClassVar[bool] = True

    def score(self, evidence: LabelFree) -> float:
        labeled = pseudo_labeled(evidence.target, evidence.target_predictions)
        y, predicted = [], []
        for label in _domains(evidence.known):
            known, held = (_of(part, label) for part in (evidence.known, evidence.held))
            if len(held):
                y.append(held.labels)
                predicted.append(_predict_back(evidence, labeled, known, held))
        if not y:
            return float("nan")
        return evidence.metric.score(np.concatenate(y), np.concatenate(predicted))


def pseudo_labeled(rows: Dataset, predictions: Array) -> Dataset:
    """The rows with the likeliest class, or the predicted value, as their label."""
    y = predictions.argmax(axis=1).astype(np.int64) if predictions.ndim == 2 else predictions.astype(np.float64)
    return replace(rows, y=y, domain=None)


def _predict_back(evidence: LabelFree, labeled: Dataset, known: Dataset, held: Dataset) -> Array:
    labels = np.unique(labeled.labels)
    if len(labels) == 1:  # nothing to learn, and not every method takes a single class
        constant = np.eye(evidence.n_classes)[int(labels[0])] if evidence.n_classes else labels[0]
        return np.asarray(np.broadcast_to(constant, (len(held), *np.shape(constant))))
    return evidence.refit(labeled, known.without_labels(), held)


def _domains(rows: Dataset) -> list[int | None]:
    return [None] if rows.domain is None else [int(label) for label in np.unique(rows.domain)]


def _of(rows: Dataset, label: int | None) -> Dataset:
    part = rows if label is None or rows.domain is None else rows.take(np.flatnonzero(rows.domain == label))
    return replace(part, domain=None)
