"""Source validation: how well the model does on source rows that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured


@final
@dataclass(frozen=True)
class SourceValidation(Measured):
    """The validator "source risk" of Ganin et al., Domain-Adversarial Training of Neural Networks, JMLR 17, 2016
    (https://jmlr.org/papers/v17/15-239.html), there the usual practice to improve on: the run's metric on labelled
    source rows that were held out."""

    name: ClassVar[str] = "source_validation"
    needs: ClassVar[Clue] = Clue.HELD_OUT
    higher_is_better: ClassVar[bool] = True
    in_metric: ClassVar[bool] = True
    unit: ClassVar[str] = "the run's metric"
    cost: ClassVar[str] = "O(v)"
    meaning: ClassVar[str] = "the score on source rows that were held out, blind to what differs in the target"
    reference: ClassVar[str] = "standard practice; Ganin et al., JMLR 17, 2016, jmlr.org/papers/v17/15-239.html"
    regression: ClassVar[bool] = True

    def score(self, evidence: LabelFree) -> float:
        return evidence.metric.score(evidence.held.labels, evidence.held_predictions)
