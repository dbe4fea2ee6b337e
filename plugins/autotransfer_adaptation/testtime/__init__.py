"""Test-time adaptation: a network trained on labelled rows is adjusted with unlabelled target rows, without the source.

The papers adjust it batch by batch as test rows arrive. Here the unlabelled target rows are known when the model is
made: it is adjusted on all of them and then stays, so that what it says of a row does not depend on other rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotransfer.method import Method


def methods() -> list[type[Method]]:
    """The methods of this folder."""
    from autotransfer_adaptation.testtime.batch_norm_statistics import BatchNormStatistics
    from autotransfer_adaptation.testtime.t3a import T3a
    from autotransfer_adaptation.testtime.tent import Tent

    return [BatchNormStatistics, Tent, T3a]
