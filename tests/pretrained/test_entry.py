from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.pretrained import entry as entries
from autotransfer.pretrained.entry import SHIPPED, load_entry, locate, names, own_folder, place, save_entry

from .conftest import CLASSES, images, random_network


def test_what_is_saved_is_loaded(entry: Path) -> None:
    """The test's weights are exact in half precision, so features are equal bit by bit."""
    found = load_entry(entry)
    np.testing.assert_array_equal(found.network.features(images()), random_network().features(images()))
    assert found.classes == CLASSES
    assert found.card["parameters"] == found.network.parameters
    assert found.card["bytes"] == (entry / "model.safetensors").stat().st_size


def test_without_a_head_there_are_no_classes(tmp_path: Path) -> None:
    save_entry(tmp_path / "bare", {"name": "bare", "classes": list(CLASSES)}, random_network(head=False))
    assert load_entry(tmp_path / "bare").classes is None


@pytest.mark.parametrize("name", ["card.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["gone", "cut", "random"])
def test_damage_is_one_line(entry: Path, name: str, damage: str) -> None:
    path = entry / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else bytes(range(256)))
    with pytest.raises(InputError, match="no readable model") as caught:
        load_entry(entry)
    assert "\n" not in str(caught.value)


def test_other_weights_than_the_cards_are_noticed(entry: Path, tmp_path: Path) -> None:
    save_entry(tmp_path / "other", {"name": "other"}, random_network(seed=1))
    (entry / "model.safetensors").write_bytes((tmp_path / "other" / "model.safetensors").read_bytes())
    with pytest.raises(InputError, match="not those of the card"):
        load_entry(entry)


def test_another_format_is_named(entry: Path) -> None:
    card = json.loads((entry / "card.json").read_text())
    (entry / "card.json").write_text(json.dumps({**card, "format": 99}))
    with pytest.raises(InputError, match="format 99 is not 1"):
        load_entry(entry)


def test_names_and_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path))
    assert place("mine") == own_folder() / "mine"
    assert place("./here/mine") == Path("here/mine")
    save_entry(place("mine"), {"name": "mine"}, random_network())
    assert names()["mine"] == locate("mine") == own_folder() / "mine"
    with pytest.raises(InputError, match=r"did you mean 'mine'"):
        locate("mime")
    with pytest.raises(InputError, match="small letters"):
        place("Mine and yours")
    with pytest.raises(InputError, match=r"no card\.json"):
        locate(str(tmp_path / "nowhere"))


def test_a_shipped_name_cannot_be_taken(monkeypatch: pytest.MonkeyPatch, entry: Path, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(entries, "SHIPPED", entry.parent)
    with pytest.raises(InputError, match="ships with autotransfer"):
        place("tiny")
    save_entry(own_folder() / "tiny", {"name": "tiny"}, random_network(seed=1))
    assert locate("tiny") == entry


def test_the_shipped_zoo_is_whole_and_small() -> None:
    """Each model loads, its card says how it was made and how good it is, and together they stay below 12 MB."""
    folders = sorted(path.parent for path in SHIPPED.glob("*/card.json"))
    for folder in folders:
        card = load_entry(folder).card
        assert card["name"] == folder.name
        assert card["command"].startswith("autotransfer pretrain ")
        assert not card.get("unfinished")
        assert card["measured"]["linear_probe"] > card["measured"]["chance"]
        assert "/work" not in (folder / "card.json").read_text()
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 12e6
