"""Continual learning: one network learns the source's task, then the target's, and is to keep the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family; the first keeps nothing on purpose."""
    from autotransfer_continual.a_gem import AGem
    from autotransfer_continual.der_plus_plus import DerPlusPlus
    from autotransfer_continual.ewc import Ewc
    from autotransfer_continual.experience_replay import ExperienceReplay
    from autotransfer_continual.learning_without_forgetting import LearningWithoutForgetting
    from autotransfer_continual.memory_aware_synapses import MemoryAwareSynapses
    from autotransfer_continual.online_ewc import OnlineEwc
    from autotransfer_continual.progressive_networks import ProgressiveNetworks
    from autotransfer_continual.sequential_fine_tuning import SequentialFineTuning
    from autotransfer_continual.synaptic_intelligence import SynapticIntelligence

    by_penalty = (Ewc, OnlineEwc, SynapticIntelligence, MemoryAwareSynapses, LearningWithoutForgetting)
    return (SequentialFineTuning, *by_penalty, ExperienceReplay, AGem, DerPlusPlus, ProgressiveNetworks)
