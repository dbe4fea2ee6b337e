"""The average of the best transfer and the best model without it: a choice that halves what a bad source can do."""

from __future__ import annotations

from autotransfer.trial import Choice

AVERAGE = "average"
"""Stands where a choice names its method; no plugin's method may be called so."""


def average_of(transfer: Choice, baseline: Choice) -> Choice:
    """The choice whose predictions are the mean of the two (the linear opinion pool of Stone, Annals of Mathematical
    Statistics 32, 1961, with equal weights)."""
    return Choice(AVERAGE, transfer.source, None, {"members": [transfer.to_json(), baseline.to_json()]})


def members(choice: Choice) -> tuple[Choice, ...]:
    """What has to be trained for a choice: itself, or what it averages.

    Raises ``KeyError`` or ``TypeError`` when it comes from a file that was tampered with.
    """
    if choice.method != AVERAGE:
        return (choice,)
    return tuple(Choice.from_json(member) for member in choice.params["members"])
