"""Models of timm and of Hugging Face as sources: fine-tuned, by all of their numbers and by few."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from autotransfer_finetuning.fine_tuning import FineTuning
from autotransfer_peft.bitfit import BitFit
from autotransfer_peft.lora import Lora

import autotransfer
from autotransfer.data import Dataset, Modality
from autotransfer.pretrained.plugin import open_source
from autotransfer.problem import RawData
from autotransfer.run import Run
from autotransfer.settings import Settings
from autotransfer.state import load_state, save_state
from autotransfer.task import Context, Task
from autotransfer.tuning import TunedMethod, TunedPredictor

ROWS = 10
LABELS = np.arange(ROWS) % 2
NAMES = np.array(["dark", "light"], dtype=object)[LABELS]
FEW: tuple[type[TunedMethod], ...] = (Lora, BitFit)


def pictures() -> Dataset:
    """Dark and light noise."""
    rng, level = np.random.default_rng(0), np.where(LABELS == 1, 190, 60)[:, None, None, None]
    pixels = (rng.normal(0, 20, (ROWS, 12, 12, 3)) + level).clip(0, 255).astype(np.uint8)
    return Dataset("pictures", Modality.IMAGE, pixels, LABELS)


def sentences() -> Dataset:
    """One word says which kind it is."""
    texts = [f"the {('dog', 'cat')[label]} sat on {'a ' * row} mat" for row, label in enumerate(LABELS)]
    return Dataset("sentences", Modality.TEXT, np.array(texts, dtype=object), LABELS)


@pytest.fixture
def timm_uri(timm_file: Path) -> str:
    return f"timm:test_vit@{timm_file}"


@pytest.fixture
def hf_uri(bert_folder: Path) -> str:
    return f"hf:{bert_folder}"


@pytest.mark.parametrize(("uri", "make"), [("timm_uri", pictures), ("hf_uri", sentences)])
def test_it_learns_from_its_file_and_is_read_from_another(
    uri: str, make: Callable[[], Dataset], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The loss on the training rows falls; little is trained and kept by two of three methods; a saved model opens the
    file again and says what it said."""
    source, data = open_source(request.getfixturevalue(uri)), make()
    trained = {}
    for kind in (FineTuning, *FEW):
        short, longer = (
            kind(epochs=epochs, rate=1e-3, augment="none").fit(Task(data, ("dark", "light")), source, Context(seed=0))
            for epochs in (1, 4)
        )
        losses = [-np.log(model.predict(data)[np.arange(ROWS), LABELS]).mean() for model in (short, longer)]
        assert losses[1] < losses[0], kind.name
        save_state(tmp_path / kind.name, longer.state())
        again = TunedPredictor.restore(load_state(tmp_path / kind.name))
        np.testing.assert_array_equal(again.predict(data), longer.predict(data))
        trained[kind] = longer.trained()
    for kind in FEW:
        assert 4 * trained[kind].parameters < trained[FineTuning].parameters
        assert 4 * trained[kind].bytes < trained[FineTuning].bytes


@pytest.mark.parametrize(
    ("uri", "make", "methods"),
    [("timm_uri", pictures, ("bitfit",)), ("hf_uri", sentences, ("fine_tuning", "lora", "bitfit"))],
)
def test_a_run_has_them_on_its_leaderboard(
    uri: str, make: Callable[[], Dataset], methods: tuple[str, ...], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    data, name = make(), request.getfixturevalue(uri)
    settings = Settings(methods=methods, trials=2 * len(methods), workers=0, out=tmp_path / "run")
    run = autotransfer.fit(RawData(data.name, data.modality, data.inputs, NAMES), [name], settings=settings)
    board = run.leaderboard
    assert set(board["method"]) == {*methods, "no_transfer"}
    assert set(board["status"]) == {"complete"}
    assert board[board["method"] != "no_transfer"]["trained_parameters"].min() > 0
    rows = RawData(data.name, data.modality, data.inputs)
    np.testing.assert_array_equal(Run.load(tmp_path / "run").predict(rows).labels, run.predict(rows).labels)
