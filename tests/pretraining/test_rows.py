from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.pretraining.rows import read_rows
from autotransfer.pretraining.simclr import Contrastive
from autotransfer.pretraining.supervised import Supervised
from autotransfer.problem import ReadOptions


def test_rows_held_out_are_labelled_and_in_no_other_part(photos: Path, hook) -> None:
    for recipe, unlabelled in ((Supervised(), 0), (Contrastive(), 10)):
        rows = read_rows(str(photos), recipe, ReadOptions(), 0, hook)
        assert not set(rows.train.inputs) & set(rows.held.inputs)
        assert len(rows.train) + len(rows.held) == 120 + unlabelled
        assert int((rows.train.labels == -1).sum()) == unlabelled
        assert np.bincount(rows.held.labels).tolist() == [3, 3]


def test_unlabelled_data_have_nothing_to_hold_out(photos: Path, hook) -> None:
    rows = read_rows(str(photos / "dark"), Contrastive(), ReadOptions(), 0, hook)
    assert (len(rows.train), len(rows.held), rows.classes) == (60, 0, ())


def test_a_few_rows_are_too_few(tmp_path: Path, hook) -> None:
    np.savez(tmp_path / "few.npz", X=np.zeros((4, 8, 8), np.uint8), y=np.arange(4))
    with pytest.raises(InputError, match="4 rows are too few"):
        read_rows(str(tmp_path / "few.npz"), Contrastive(), ReadOptions(), 0, hook)
