"""Each recipe from data to an entry of the zoo, on a small scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.pretrained.entry import load_entry
from autotransfer.pretrained.plugin import open_source
from autotransfer.pretraining import job
from autotransfer.pretraining.distilled import Distilled
from autotransfer.pretraining.job import Order, pretrain
from autotransfer.pretraining.mae import MaskedImages
from autotransfer.pretraining.mlm import MaskedTokens
from autotransfer.pretraining.simclr import Contrastive
from autotransfer.pretraining.supervised import Supervised
from autotransfer.problem import ReadOptions


def order(data: Path, recipe: object, out: Path, **more: object) -> Order:
    return Order(str(data), recipe, str(out), **{"epochs": 3, "size": 16, "width": 16, **more})


@pytest.fixture(autouse=True)
def _own_zoo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))


def test_supervised_learns_and_keeps_its_head(photos: Path, tmp_path: Path, hook) -> None:
    told: list[str] = []
    entry = pretrain(order(photos, Supervised(), tmp_path / "net", epochs=8), hook, told.append)
    card = entry.card
    assert card["classes"] == ["bright", "dark"]
    assert card["measured"]["head"] == card["measured"]["linear_probe"] == 1.0
    assert card["measured"]["rows"] == card["data"]["held_out"] == 6
    assert card["data"]["rows"] == 114
    assert "unfinished" not in card
    assert sum(line.startswith("epoch") for line in told) == 8
    source = open_source(f"zoo:{tmp_path / 'net'}")
    image = np.full((1, 16, 16, 3), (210, 50, 50), np.uint8)
    assert source.head.predict(Dataset("x", Modality.IMAGE, image))[0].argmax() == 0


@pytest.mark.parametrize("recipe", [Contrastive(), MaskedImages()], ids=lambda recipe: recipe.name)
def test_recipes_without_labels_use_every_image(recipe: object, photos: Path, tmp_path: Path, hook) -> None:
    entry = pretrain(order(photos, recipe, tmp_path / "net", width=24), hook)
    assert entry.card["data"]["rows"] == 124
    assert entry.classes is None
    assert entry.card["measured"]["head"] is None
    assert entry.card["measured"]["linear_probe"] >= 0.5
    assert entry.network.features(Dataset("x", Modality.IMAGE, np.zeros((2, 5, 9), np.uint8))).shape == (2, 24)


def test_masked_tokens_learn_which_words_go_together(reviews: Path, tmp_path: Path, hook) -> None:
    """Words of a kind share texts, never a label: after training a linear probe tells the kinds apart."""
    entry = pretrain(order(reviews, MaskedTokens(), tmp_path / "net", epochs=15, read=ReadOptions(text="text")), hook)
    assert entry.card["modality"] == "text"
    assert entry.card["measured"]["linear_probe"] >= 0.9
    features = entry.network.features(Dataset("x", Modality.TEXT, np.array(["fine great", "", None], object)))
    assert np.isfinite(features).all()


def test_the_seed_gives_the_same_network_and_another_seed_another(photos: Path, tmp_path: Path, hook) -> None:
    one, same, other = (
        pretrain(order(photos, Supervised(), tmp_path / name, epochs=1, seed=seed), hook)
        for name, seed in (("one", 0), ("same", 0), ("other", 1))
    )
    assert one.digest == same.digest != other.digest


def test_the_time_ends_training_and_what_there_is_is_kept(photos: Path, tmp_path: Path, hook) -> None:
    entry = pretrain(order(photos, Supervised(), tmp_path / "net", epochs=100_000, seconds=0.5), hook)
    assert 0 < entry.card["epochs"] < 100_000
    assert entry.card["measured"] is not None


def test_what_was_trained_before_an_interruption_is_saved(
    photos: Path, tmp_path: Path, hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(words: str) -> None:
        if words.startswith("epoch 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain(order(photos, Supervised(), tmp_path / "net"), hook, interrupt)
    card = load_entry(tmp_path / "net").card
    assert card["unfinished"]
    assert card["epochs"] == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"epochs": 0}, "--epochs 0"),
        ({"seconds": 0.0}, "--budget 0"),
        ({"device": "tpu"}, "--device tpu"),
        ({"width": 20}, "multiple of 8"),
        ({"size": 5000}, "size of 5000"),
    ],
)
def test_values_out_of_range_are_refused(photos: Path, tmp_path: Path, hook, more: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pretrain(order(photos, Supervised(), tmp_path / "net", **more), hook)


def test_data_of_another_kind_or_without_labels_is_refused(photos: Path, reviews: Path, tmp_path: Path, hook) -> None:
    with pytest.raises(InputError, match="holds text rows, the recipe supervised takes image"):
        pretrain(order(reviews, Supervised(), tmp_path / "net"), hook)
    with pytest.raises(InputError, match="needs labels of at least two classes"):
        pretrain(order(photos / "dark", Supervised(), tmp_path / "net"), hook)


def test_weights_have_decay_and_what_scales_and_shifts_has_none() -> None:
    module = Supervised().spec(Dataset("x", Modality.IMAGE, np.zeros((0, 1, 1), np.uint8)), 16, 16).build()
    decayed, free = job.groups(module)
    assert free.decay == 0.0
    assert decayed.decay is None
    assert len(decayed.parameters) + len(free.parameters) == len(list(module.parameters()))
    assert {parameter.ndim for parameter in free.parameters} == {1}


def test_a_student_learns_from_a_teacher_of_the_zoo(photos: Path, tmp_path: Path, hook) -> None:
    """Its head is its own; the card names the teacher, and its command asks for it."""
    pretrain(order(photos, Supervised(), tmp_path / "teacher", epochs=8), hook)
    recipe = Distilled(teacher=str(tmp_path / "teacher"))
    entry = pretrain(order(photos, recipe, tmp_path / "student", epochs=25), hook)
    assert entry.network.spec.kind == "vit"
    assert entry.card["measured"]["head"] > 0.8
    assert entry.card["settings"]["teacher"] == str(tmp_path / "teacher")
    assert f"--teacher {tmp_path / 'teacher'}" in entry.card["command"]
    assert not any(name.startswith("teacher") for name in entry.network.arrays)


def test_a_teacher_of_other_classes_is_refused(photos: Path, tmp_path: Path, hook) -> None:
    with pytest.raises(InputError, match="it knows 140 classes, the data have 2"):
        pretrain(order(photos, Distilled(), tmp_path / "net"), hook)
