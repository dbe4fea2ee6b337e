"""Unsupervised and few-label domain adaptation on features: the source is made to look like the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """The methods of this family."""
    from autotransfer_adaptation.bbse import Bbse
    from autotransfer_adaptation.coral import Coral
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
    from autotransfer_adaptation.distribution_weighted import DistributionWeighted
    from autotransfer_adaptation.djp_mmd import DjpMmd
    from autotransfer_adaptation.gfk import Gfk
    from autotransfer_adaptation.importance_weighting import ImportanceWeighting
    from autotransfer_adaptation.jda import Jda
    from autotransfer_adaptation.jdot import Jdot
    from autotransfer_adaptation.jgsa import Jgsa
    from autotransfer_adaptation.kliep import Kliep
    from autotransfer_adaptation.kmm import KernelMeanMatching
    from autotransfer_adaptation.meda import Meda
    from autotransfer_adaptation.optimal_transport import OptimalTransport
    from autotransfer_adaptation.saerens import LabelShiftEm
    from autotransfer_adaptation.self_training import SelfTraining
    from autotransfer_adaptation.subspace_alignment import SubspaceAlignment
    from autotransfer_adaptation.tca import Tca
    from autotransfer_adaptation.testtime.batch_norm_statistics import BatchNormStatistics
    from autotransfer_adaptation.testtime.t3a import T3a
    from autotransfer_adaptation.testtime.tent import Tent
    from autotransfer_adaptation.ulsif import Ulsif

    return [
        Coral,
        SubspaceAlignment,
        ImportanceWeighting,
        KernelMeanMatching,
        SelfTraining,
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
        BatchNormStatistics,
        Tent,
        T3a,
        Tca,
        Gfk,
        Jda,
        DjpMmd,
        Jgsa,
        Meda,
        Kliep,
        Ulsif,
        Bbse,
        LabelShiftEm,
        OptimalTransport,
        Jdot,
        DistributionWeighted,
    ]
