"""Disagreement of concepts."""

from __future__ import annotations

from autotransfer_relatedness.concept_shift import ConceptShift

from autotransfer.task import Context, Source, Task


def test_direction(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """At most about 0 when P(y|x) is the same; near 1 - noise when every label is reversed."""
    assert ConceptShift().estimate(*related, Context(seed=0)) < 0.05
    assert ConceptShift().estimate(*reversed_concept, Context(seed=0)) > 0.6


def test_values(values) -> None:
    """f_S - f_T = (slope - 1) x_0 and Var(y) = 1.25, so the excess is about (slope - 1)^2 / 1.25."""
    assert ConceptShift().estimate(*values(1.0), Context(seed=0)) < 0.05
    assert abs(ConceptShift().estimate(*values(-1.0), Context(seed=0)) - 4 / 1.25) < 0.8
