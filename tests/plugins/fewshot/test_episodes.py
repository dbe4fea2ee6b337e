"""Episodes: what is drawn, and from what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_fewshot.episodes import Episodes
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality


def rows(y: list[int], domain: list[int] | None = None) -> Dataset:
    labels = np.array(y)
    where = None if domain is None else np.array(domain)
    return Dataset("rows", Modality.FEATURES, np.arange(len(y))[:, None].astype(float), labels, where)


@settings(max_examples=60, deadline=None)
@given(
    y=st.lists(st.integers(0, 5), min_size=8, max_size=60),
    shots=st.integers(1, 4),
    queries=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_support_and_query_rows_are_of_their_class_and_never_the_same(y, shots, queries, seed) -> None:
    """A line of each part holds rows of one class; classes differ, and no row stands in both parts."""
    data = rows(y)
    if (np.bincount(y) > 1).sum() < 2:
        return
    drawn = Episodes.of(data, 3, shots, queries).draw(np.random.default_rng(seed))
    assert drawn.support.shape[1:] == (shots,)
    assert drawn.query.shape == (len(drawn.support), queries)
    classes = [set(data.labels[line]) for part in (drawn.support, drawn.query) for line in part]
    assert all(len(one) == 1 for one in classes)
    ways = len(drawn.support)
    assert classes[:ways] == classes[ways:]
    assert len({label for one in classes for label in one}) == ways
    assert not set(drawn.support.ravel()) & set(drawn.query.ravel())


def test_an_episode_is_of_one_domain() -> None:
    """Classes of equal number in two domains are different classes."""
    data = rows([0, 0, 1, 1, 0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    episodes = Episodes.of(data, 9, 1, 1)
    sizes = set()
    for seed in range(20):
        drawn = episodes.draw(np.random.default_rng(seed))
        assert len(set(data.domain[np.concatenate([drawn.support, drawn.query]).ravel()])) == 1
        sizes.add(len(drawn.support))
    assert sizes == {2, 3}


def test_classes_of_one_row_and_domains_of_one_class_are_left_out() -> None:
    data = rows([0, 0, 1, 1, 2, 3, 3], [0, 0, 0, 0, 0, 1, 1])
    (group,) = Episodes.of(data, 5, 1, 1).groups
    assert [line.tolist() for line in group] == [[0, 1], [2, 3]]


@pytest.mark.parametrize("domains", [False, True])
def test_turned_images_are_further_classes_or_further_domains(domains: bool) -> None:
    """Without domains the same rows, turned otherwise, may meet as two classes; with them all are turned alike."""
    data = rows([0, 0, 1, 1, 2, 2, 3, 3])
    data = replace(data, domain=np.repeat([0, 1], 4)) if domains else data
    turns = [Episodes.of(data, 4, 1, 1, turned=True).draw(np.random.default_rng(seed)).turns for seed in range(30)]
    assert set(np.concatenate(turns).tolist()) == {0, 1, 2, 3}
    assert any(len(set(one.tolist())) > 1 for one in turns) is not domains


def test_as_many_episodes_as_show_all_rows_so_often() -> None:
    """passes * rows = episodes * ways * (shots + queries)."""
    episodes = Episodes.of(rows([k for k in range(10) for _ in range(12)]), 5, 1, 2)
    assert episodes.count(3) == 3 * 120 // 15
    assert replace(episodes, turned=True).count(3) == 4 * 3 * 120 // 15
