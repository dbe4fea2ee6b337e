from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.assets import Asset
from autotransfer.encoders import sentence_source
from autotransfer.encoders.plugin import open_source
from autotransfer.encoders.sentence import MINILM
from autotransfer.errors import InputError


@pytest.fixture
def _installed(monkeypatch) -> None:
    monkeypatch.setattr(sentence_source, "model_location", lambda model: model)


@pytest.mark.usefixtures("_installed")
def test_a_name_and_a_folder_open(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    for uri, model in ((f"sentence:{MINILM}", MINILM), (f"sentence:{tmp_path}", str(tmp_path))):
        source = open_source(uri)
        assert source.name == uri
        assert source.offers == Asset.PRETRAINED
        assert source.encoder.model == model


def test_other_forms_are_left_to_others() -> None:
    assert open_source("timm:resnet18") is None
    assert open_source("file.csv") is None


@pytest.mark.parametrize(
    ("rest", "words"), [("", "no model named"), ("/not/there", "no such folder"), (".", "no modules.json")]
)
def test_what_cannot_be_a_model_is_refused_at_once(rest: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_source(f"sentence:{rest}")
