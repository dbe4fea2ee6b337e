"""Deep adaptation: a network whose representation of source and target becomes alike while it learns the source's task.

All methods of this folder share a network, its training and the form of the rows: see ``method.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotransfer.method import Method


def methods() -> list[type[Method]]:
    """The methods of this folder; in front what they are measured against."""
    from autotransfer_adaptation.deep.adda import Adda
    from autotransfer_adaptation.deep.cdan import Cdan
    from autotransfer_adaptation.deep.dan import Dan
    from autotransfer_adaptation.deep.dann import Dann
    from autotransfer_adaptation.deep.deep_coral import DeepCoral
    from autotransfer_adaptation.deep.deep_jdot import DeepJdot
    from autotransfer_adaptation.deep.jan import Jan
    from autotransfer_adaptation.deep.m3sda import M3sda
    from autotransfer_adaptation.deep.mcc import MinimumClassConfusion
    from autotransfer_adaptation.deep.mcd import MaximumClassifierDiscrepancy
    from autotransfer_adaptation.deep.source_network import SourceNetwork

    return [
        SourceNetwork,
        Dann,
        Dan,
        Jan,
        DeepCoral,
        Cdan,
        Adda,
        MaximumClassifierDiscrepancy,
        DeepJdot,
        MinimumClassConfusion,
        M3sda,
    ]
