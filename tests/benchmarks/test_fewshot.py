"""The few-shot benchmark's own parts, on drawings made up here."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from autotransfer_fewshot.simple_shot import SimpleShot
from PIL import Image

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from benchmarks.fewshot import run
from benchmarks.harness import Arguments
from benchmarks.shots.measure import episodes, interval, on_runs
from benchmarks.shots.omniglot import BACKGROUND, RUNS, background, held_out_runs, official_runs


def png(value: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((4, 4), value, np.uint8)).save(stream, "png")
    return stream.getvalue()


def write(folder: Path) -> None:
    """Two alphabets of three and two characters, one of them in both archives; runs whose answers are reversed."""
    (folder / "omniglot").mkdir()
    for archive, alphabets in zip(BACKGROUND, (("A", "B"), ("B",)), strict=True):
        with ZipFile(folder / "omniglot" / archive, "w") as packed:
            for alphabet in alphabets:
                for character in range(3 if alphabet == "A" else 2):
                    for drawing in range(4):
                        name = f"{archive[:-4]}/{alphabet}/character{character}/{drawing}.png"
                        packed.writestr(name, png(ord(alphabet) + 10 * character + drawing))
    with ZipFile(folder / "omniglot" / RUNS, "w") as packed:
        for number in range(1, 21):
            lines = []
            for label in range(1, 21):
                packed.writestr(f"run{number:02d}/training/class{label:02d}.png", png(label))
                packed.writestr(f"run{number:02d}/test/item{label:02d}.png", png(100 + label))
                answer = f"run{number:02d}/training/class{21 - label:02d}.png"
                lines.append(f"run{number:02d}/test/item{label:02d}.png {answer}")
            packed.writestr(f"run{number:02d}/class_labels.txt", "\n".join(lines))


def test_the_background_holds_each_drawing_once_and_runs_their_answers(tmp_path: Path) -> None:
    write(tmp_path)
    found = background(tmp_path)
    assert len(found.images) == 20
    assert np.bincount(found.y).tolist() == [4] * 5
    assert [len(np.unique(found.y[found.alphabet == label])) for label in (0, 1)] == [3, 2]
    runs = list(official_runs(tmp_path))
    assert len(runs) == 20
    for task, asked in runs:
        assert task.train.inputs[:, 0, 0].tolist() == list(range(1, 21))
        assert asked.inputs[:, 0, 0].tolist() == list(range(101, 121))
        assert asked.labels.tolist() == list(range(20))[::-1]


def test_held_out_runs_show_each_character_twice_by_different_hands(tmp_path: Path) -> None:
    write(tmp_path)
    found = background(tmp_path)
    for task, asked in held_out_runs(found, np.array([0, 1]), 4):
        shown, told = task.train.inputs[:, 0, 0], asked.inputs[:, 0, 0]
        assert len(shown) == len(told) in (2, 3)
        assert ((shown != told) & (abs(shown.astype(int) - told) < 4)).all()  # two of a character's four drawings


def test_episodes_are_five_way_and_their_accuracy_has_an_interval() -> None:
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(8), 20)
    rows = Dataset("rows", Modality.FEATURES, 4 * np.eye(8)[y] + rng.normal(size=(160, 8)), y + 3)
    tasks = episodes(rows, np.unique(rows.labels), 2, 6)
    assert all(np.bincount(task.train.labels).tolist() == [2] * 5 for task, _ in tasks)
    assert all(np.bincount(asked.labels).tolist() == [15] * 5 for _, asked in tasks)
    from autotransfer.assets import Asset
    from autotransfer.task import Source

    found = on_runs(SimpleShot(), Source("rows", Asset.SOURCE_INPUTS, rows), [tasks, tasks[:3]])
    assert [len(part) for part in found.accuracies] == [6, 3]
    assert np.array_equal(found.accuracies[0][:3], found.accuracies[1])
    mean, half = interval(found.accuracies[0])
    assert 0.8 < mean <= 1.0
    assert half == pytest.approx(1.96 * np.std(found.accuracies[0], ddof=1) / 6**0.5)


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fewshot has no such part; it has omniglot, photos, own"):
        run(Arguments(tmp_path, tasks=("x",)))
