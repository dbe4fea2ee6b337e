"""Cross-lingual transfer: labelled texts in one language, a target in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method
    from autotransfer.relatedness import RelatednessEstimator

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family: translation, one space from parallel sentences, aligned word vectors."""
    from autotransfer_crosslingual.cca_alignment import CcaAlignment
    from autotransfer_crosslingual.command_translate_train import CommandTranslateTrain
    from autotransfer_crosslingual.cross_lingual_lsi import CrossLingualLsi
    from autotransfer_crosslingual.procrustes_alignment import ProcrustesAlignment
    from autotransfer_crosslingual.self_learning_alignment import SelfLearningAlignment
    from autotransfer_crosslingual.translate_test import TranslateTest
    from autotransfer_crosslingual.translate_train import TranslateTrain

    return (
        TranslateTrain,
        TranslateTest,
        CommandTranslateTrain,
        CrossLingualLsi,
        ProcrustesAlignment,
        SelfLearningAlignment,
        CcaAlignment,
    )


@hookimpl
def relatedness_estimators() -> Sequence[RelatednessEstimator]:
    """How like the source's language is to the target's, without a label of the target."""
    from autotransfer_crosslingual.out_of_place import OutOfPlace
    from autotransfer_crosslingual.prediction_balance import PredictionBalance
    from autotransfer_crosslingual.script_overlap import ScriptOverlap
    from autotransfer_crosslingual.type_token_distance import TypeTokenDistance
    from autotransfer_crosslingual.word_overlap import WordOverlap

    return (ScriptOverlap(), OutOfPlace(), WordOverlap(), TypeTokenDistance(), PredictionBalance())
