"""Zero-shot learning: classes without a labelled row, known by a description alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family; the first is the rule without any description that they have to beat."""
    from autotransfer_zeroshot.ale import Ale
    from autotransfer_zeroshot.conditional_gaussian import ConditionalGaussian
    from autotransfer_zeroshot.cross_modal_transfer import CrossModalTransfer
    from autotransfer_zeroshot.dap import Dap
    from autotransfer_zeroshot.devise import Devise
    from autotransfer_zeroshot.eszsl import Eszsl
    from autotransfer_zeroshot.sae import Sae
    from autotransfer_zeroshot.seen_or_chance import SeenOrChance
    from autotransfer_zeroshot.sje import Sje

    return (SeenOrChance, Eszsl, Dap, Ale, Sje, Devise, Sae, ConditionalGaussian, CrossModalTransfer)
