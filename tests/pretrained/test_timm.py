from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.pretrained import timm_encoder, timm_model
from autotransfer.pretrained.plugin import open_source
from autotransfer.pretrained.timm_source import open_timm_source
from autotransfer.pretrained.weights import load_weights
from autotransfer.testing import check_encoder

from .conftest import images


@pytest.fixture
def source(timm_file: Path):
    return open_source(f"timm:test_vit@{timm_file}")


def test_features_and_head_are_those_of_timm_with_its_own_transform(source, timm_file: Path) -> None:
    """The reference is timm's model on timm's own evaluation transform of each image."""
    timm = timm_model.library()
    model = timm.create_model("test_vit").eval()
    model.load_state_dict(load_weights(timm_file, source.encoder.digest))
    transform = timm.data.create_transform(**timm.data.resolve_data_config({}, model=model))
    batch = torch.stack([transform(Image.fromarray(image)) for image in images().inputs])
    with torch.no_grad():
        expected = model.forward_head(model.forward_features(batch), pre_logits=True)
        probabilities = model(batch).softmax(dim=1)
    np.testing.assert_allclose(source.encoder.fit(images()).transform(images()), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(source.head.predict(images()), probabilities, rtol=1e-4)
    assert source.offers == Asset.PRETRAINED | Asset.TRAINABLE | Asset.SOURCE_HEAD
    assert source.classes[0].startswith("tench")


def test_it_keeps_the_promises_of_encoders(source) -> None:
    check_encoder(source.encoder)


def test_built_and_prepared_are_the_features(source) -> None:
    module = source.encoder.build()
    with torch.no_grad():
        found = module(source.encoder.prepare(images()))
    np.testing.assert_allclose(found, source.encoder.fit(images()).transform(images()), rtol=1e-4, atol=1e-5)
    names = [name for block in source.encoder.blocks(module) for name in block]
    assert sorted(names) == sorted(name for name, _ in module.named_parameters())
    assert any("patch_embed" in name for name in source.encoder.blocks(module)[0])
    assert all("blocks.0" not in name for name in source.encoder.blocks(module)[-1])


def test_weights_with_other_classes_and_without_any_are_taken(tmp_path: Path, timm_file: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(timm_file)
    few = {**weights, "head.weight": weights["head.weight"][:4].clone(), "head.bias": weights["head.bias"][:4].clone()}
    save_file(few, tmp_path / "few.safetensors")
    save_file({n: t for n, t in weights.items() if not n.startswith("head.")}, tmp_path / "none.safetensors")
    few_source = open_timm_source(f"timm:test_vit@{tmp_path / 'few.safetensors'}")
    assert few_source.classes == ("0", "1", "2", "3")
    bare = open_timm_source(f"timm:test_vit@{tmp_path / 'none.safetensors'}")
    assert bare.head is None
    np.testing.assert_array_equal(
        bare.encoder.fit(images()).transform(images()), few_source.encoder.fit(images()).transform(images())
    )


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("", "no such model"),
        ("test_vitt", "did you mean test_vit"),
        ("hf-hub:somebody/model", "no such model"),
        ("test_vit.nothing", "no such weights; there are test_vit.r160_in1k"),
        ("test_vit@weights.bin", "read from a .safetensors file"),
        ("test_vit@gone.safetensors", "no such file"),
        ("resnet18", "HF_HUB_OFFLINE is set; name a file: timm:resnet18@FILE.safetensors"),
    ],
)
def test_what_cannot_be_opened_is_one_line(rest: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        open_timm_source(f"timm:{rest}")
    assert "\n" not in str(caught.value)


def test_weights_of_another_model_are_refused(timm_file: Path) -> None:
    with pytest.raises(InputError, match="not those of that model"):
        open_timm_source(f"timm:test_resnet@{timm_file}")


def test_a_damaged_or_changed_file_is_refused(tmp_path: Path, timm_file: Path) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(timm_file.read_bytes()[:1000])
    with pytest.raises(InputError, match="no readable safetensors file"):
        open_timm_source(f"timm:test_vit@{path}")
    with pytest.raises(InputError, match="have changed"):
        load_weights(timm_file, "0" * 64)


def test_a_saved_encoder_cannot_name_something_to_fetch() -> None:
    with pytest.raises(InputError, match="not in the installed timm"):
        timm_encoder.FittedTimm.restored({"model": "hf-hub:somebody/model", "weights": {}})


def test_half_precision_of_the_brain_kind_is_saved_as_single(tmp_path: Path, timm_file: Path) -> None:
    weights = {name: tensor.bfloat16() for name, tensor in load_weights(timm_file, _digest(timm_file)).items()}
    fitted = timm_encoder.FittedTimm("test_vit", weights)
    assert {array.dtype for array in fitted.state()["weights"].values()} == {np.dtype(np.float32)}
    again = timm_encoder.FittedTimm.restored(fitted.state())
    np.testing.assert_array_equal(again.transform(images()), fitted.transform(images()))


def _digest(path: Path) -> str:
    from autotransfer.pretrained.weights import digest_of

    return digest_of(path)
