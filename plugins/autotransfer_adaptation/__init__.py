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
    from autotransfer_adaptation import deep, testtime

    return [*_shallow(), *deep.methods(), *testtime.methods()]


def _shallow() -> Sequence[type[Method]]:
    """The methods that work on features and train any learner, or none."""
    from autotransfer_adaptation.bbse import Bbse
    from autotransfer_adaptation.coral import Coral
    from autotransfer_adaptation.dama import Dama
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
    from autotransfer_adaptation.ulsif import Ulsif

    return [
        Coral,
        SubspaceAlignment,
        Tca,
        Gfk,
        Jda,
        DjpMmd,
        Jgsa,
        Meda,
        OptimalTransport,
        Jdot,
        ImportanceWeighting,
        KernelMeanMatching,
        Kliep,
        Ulsif,
        Bbse,
        LabelShiftEm,
        DistributionWeighted,
        Dama,
        SelfTraining,
    ]
