"""Parameter-efficient fine-tuning: a pretrained network stays as it is, and little is added and trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer_peft.method import PeftMethod

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[PeftMethod]]:
    """The methods of this family."""
    from autotransfer_peft.adaptformer import AdaptFormer
    from autotransfer_peft.bitfit import BitFit
    from autotransfer_peft.conv_adapter import ConvAdapter
    from autotransfer_peft.houlsby_adapter import HoulsbyAdapter
    from autotransfer_peft.ia3 import Ia3
    from autotransfer_peft.lora import Lora
    from autotransfer_peft.p_tuning_v2 import PTuningV2
    from autotransfer_peft.pfeiffer_adapter import PfeifferAdapter
    from autotransfer_peft.prefix_tuning import PrefixTuning
    from autotransfer_peft.prompt_tuning import PromptTuning
    from autotransfer_peft.qlora import Qlora
    from autotransfer_peft.residual_adapter import ResidualAdapter
    from autotransfer_peft.visual_prompt_tuning import VisualPromptTuning

    return [
        Lora,
        Qlora,
        HoulsbyAdapter,
        PfeifferAdapter,
        AdaptFormer,
        ConvAdapter,
        ResidualAdapter,
        BitFit,
        PrefixTuning,
        PTuningV2,
        PromptTuning,
        VisualPromptTuning,
        Ia3,
    ]
