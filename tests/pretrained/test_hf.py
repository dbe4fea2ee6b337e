from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.pretrained import hf_encoder
from autotransfer.pretrained.hf_encoder import HfEncoder
from autotransfer.pretrained.hf_source import open_hf_source
from autotransfer.pretrained.plugin import open_source
from autotransfer.testing import check_encoder

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("transformers") is None, reason="the extra [hf] is not installed"
)


def texts(*values: str) -> Dataset:
    return Dataset("texts", Modality.TEXT, np.array(values, dtype=object))


@needs_library
def test_features_are_means_over_real_tokens(bert_folder: Path) -> None:
    """The reference is transformers' own batch with its own padding and attention mask."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    source = open_source(f"hf:{bert_folder}")
    assert source.offers == Asset.PRETRAINED | Asset.TRAINABLE
    rows = texts("the cat sat", "", "a dog on the mats the cat", "unknown words", "the cat " * 300)
    batch = AutoTokenizer.from_pretrained(bert_folder)(
        list(rows.inputs), return_tensors="pt", padding=True, truncation=True, max_length=256
    )
    with torch.no_grad():
        vectors = AutoModel.from_pretrained(bert_folder).eval()(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(2)
        expected = (vectors * mask).sum(dim=1) / mask.sum(dim=1)
        found = source.encoder.build()(source.encoder.prepare(rows))
    np.testing.assert_allclose(source.encoder.fit(rows).transform(rows), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@needs_library
def test_it_keeps_the_promises_of_encoders(bert_folder: Path) -> None:
    check_encoder(open_source(f"hf:{bert_folder}").encoder)


@needs_library
def test_what_it_has_learned_are_the_numbers_of_its_file(bert_folder: Path) -> None:
    """The state names the model; its size is that of the weights."""
    from safetensors.numpy import load_file

    arrays = load_file(bert_folder / "model.safetensors").values()
    found = open_hf_source(f"hf:{bert_folder}").encoder.fit(texts("the cat")).learned()
    assert found.parameters == sum(array.size for array in arrays)
    assert found.bytes == 4 * found.parameters


@needs_library
def test_every_parameter_is_in_one_block(bert_folder: Path) -> None:
    encoder = open_source(f"hf:{bert_folder}").encoder
    module = encoder.build()
    blocks = encoder.blocks(module)
    assert sorted(name for block in blocks for name in block) == sorted(name for name, _ in module.named_parameters())
    assert [
        any(word in name for name in block)
        for word, block in zip(("embeddings", "layer.0.", "layer.1.", "pooler"), blocks, strict=True)
    ] == [True] * 4


@needs_library
def test_a_saved_model_does_not_choose_what_is_loaded(bert_folder: Path) -> None:
    assert HfEncoder(str(bert_folder)).restore({"model": "somebody/elses"}).state() == {"model": str(bert_folder)}


@needs_library
@pytest.mark.parametrize(
    ("rest", "words"),
    [("", "no model named"), ("/not/there", "no such folder"), (".", "lacks config.json"), ("a/b", "HF_HUB_OFFLINE")],
)
def test_what_cannot_be_a_model_is_refused_at_once(rest: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_hf_source(f"hf:{rest}")


@needs_library
def test_a_folder_that_is_trained_anew_is_another_model(bert_folder: Path) -> None:
    before = open_source(f"hf:{bert_folder}").encoder
    (bert_folder / "notes.txt").write_text("changed")
    assert open_source(f"hf:{bert_folder}").encoder.digest != before.digest


def test_a_missing_package_is_named_with_the_line_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hf_encoder, "LIBRARY", "no_such_library")
    with pytest.raises(MissingDependencyError, match=r"pip install 'autotransfer\[hf\]'"):
        open_source(f"hf:{tmp_path}")


def test_without_a_model_every_row_is_refused() -> None:
    assert "name one as a source: hf:FOLDER" in HfEncoder().refuses(texts("a"))
