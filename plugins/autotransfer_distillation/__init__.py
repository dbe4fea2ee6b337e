"""Distillation and compression: small models that learn from large ones, and networks made smaller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """The methods of this family; in front what they are measured against."""
    from autotransfer_distillation.attention_transfer import AttentionTransfer
    from autotransfer_distillation.born_again import BornAgain
    from autotransfer_distillation.contrastive_distillation import ContrastiveDistillation
    from autotransfer_distillation.deep_compression import DeepCompression
    from autotransfer_distillation.deep_mutual_learning import DeepMutualLearning
    from autotransfer_distillation.filter_pruning import FilterPruning
    from autotransfer_distillation.hint_training import HintTraining
    from autotransfer_distillation.int8_quantization import Int8Quantization
    from autotransfer_distillation.knowledge_distillation import KnowledgeDistillation
    from autotransfer_distillation.magnitude_pruning import MagnitudePruning
    from autotransfer_distillation.model_compression import ModelCompression
    from autotransfer_distillation.online_ensemble import OnlineEnsemble
    from autotransfer_distillation.relational_distillation import RelationalDistillation
    from autotransfer_distillation.similarity_preserving import SimilarityPreserving

    return [
        KnowledgeDistillation,
        HintTraining,
        AttentionTransfer,
        RelationalDistillation,
        SimilarityPreserving,
        ContrastiveDistillation,
        ModelCompression,
        BornAgain,
        DeepMutualLearning,
        OnlineEnsemble,
        MagnitudePruning,
        FilterPruning,
        Int8Quantization,
        DeepCompression,
    ]
