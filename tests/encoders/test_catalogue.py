"""Every built-in encoder passes the conformance kit."""

from __future__ import annotations

import pytest

from autotransfer.builtin import encoders
from autotransfer.config import from_json, to_json
from autotransfer.data import Modality
from autotransfer.encoders.catalogue import built_in
from autotransfer.testing import check_encoder

TOYS = "toy features have negative entries; this encoder takes histograms"
EXEMPT = {"hellinger": {"features": TOYS}}


@pytest.mark.parametrize("encoder", [e for e in built_in() if e.name != "sentence"], ids=lambda e: e.name)
def test_conforms(encoder) -> None:
    check_encoder(encoder, exempt=EXEMPT.get(encoder.name))


def test_every_modality_has_encoders_with_names_of_their_own() -> None:
    names = [encoder.name for encoder in encoders()]
    assert len(set(names)) == len(names)
    assert {encoder.modality for encoder in encoders()} == set(Modality)


@pytest.mark.parametrize("encoder", built_in(), ids=lambda e: e.name)
def test_settings_survive_json(encoder) -> None:
    assert from_json(type(encoder), to_json(encoder)) == encoder
