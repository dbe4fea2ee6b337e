from __future__ import annotations

import dataclasses

import pytest

from autotransfer.config import from_json, to_json
from autotransfer.pretraining.recipe import Recipe
from autotransfer.pretraining.recipes import RECIPES


@pytest.mark.parametrize("kind", RECIPES.values(), ids=RECIPES)
def test_a_recipe_is_plain_data_with_a_reference(kind: type[Recipe]) -> None:
    assert dataclasses.is_dataclass(kind)
    assert from_json(kind, to_json(kind())) == kind()
    assert "arXiv" in kind.reference
    assert kind.labels == (kind.name in ("supervised", "distilled"))
