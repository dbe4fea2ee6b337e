"""The table of methods on toy rows of results, and one fit on a toy network."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.entry import save_entry
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import resnet
from benchmarks.tuning_parts import methods


def rows() -> list[dict[str, object]]:
    """Two tasks; LoRA on one of them."""
    table = [
        ("cifar10_20", methods.WHOLE, 0.40, 1000),
        ("cifar10_20", methods.SCRATCH, 0.29, None),
        ("hymenoptera", methods.WHOLE, 0.70, 1000),
        ("hymenoptera", methods.SCRATCH, 0.66, None),
        ("hymenoptera", "lora", 0.69, 40),
        ("pacs_sketch", methods.WHOLE, 0.1, 1000),
    ]
    return [{"task": task, "method": name, "accuracy": score, "trained": n} for task, name, score, n in table]


def test_bars_compare_on_the_tasks_that_both_have() -> None:
    found = {bar.name: (bar.value, bar.met) for bar in methods.bars(rows())}
    assert found["cifar10_20: zoo over from-scratch (points)"] == (pytest.approx(11), True)
    assert found["hymenoptera: zoo over from-scratch (points)"] == (pytest.approx(4), False)
    assert found["lora minus full fine-tuning (points)"] == (pytest.approx(-1), True)
    assert found["lora: trained parameters over full fine-tuning's"] == (pytest.approx(0.04), True)
    assert not any("bitfit" in name for name in found)


def test_a_fit_tells_what_was_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np
    from autotransfer_finetuning.frozen_layers import FrozenLayers

    from autotransfer.data import Dataset, Modality
    from autotransfer.problem import RawData
    from benchmarks.image_tasks import ImageTask

    spec = resnet(16, 16)
    with reproducible(0, "cpu"):
        arrays = {name: tensor.numpy() for name, tensor in spec.build().state_dict().items()}
    save_entry(tmp_path / "net", {"name": "net"}, PretrainedNetwork(spec, arrays))
    monkeypatch.setattr(methods, "MODEL", f"zoo:{tmp_path / 'net'}")
    y = np.arange(20) % 2
    level = np.where(y == 1, 190, 70)[:, None, None, None]
    pixels = (np.random.default_rng(0).normal(0, 20, (20, 12, 12, 3)) + level).clip(0, 255).astype(np.uint8)
    data = Dataset("toy", Modality.IMAGE, pixels, y)
    task = ImageTask(RawData("toy", Modality.IMAGE, pixels, y.astype(str).astype(object)), data, data, 2)
    found = methods.fitted(FrozenLayers(epochs=4), task, 0)
    assert 0 < found["share"] < 1
    assert found["kept_bytes"] >= 4 * found["trained"]
    assert {"lora", "fine_tuning"} <= set(methods.methods())
