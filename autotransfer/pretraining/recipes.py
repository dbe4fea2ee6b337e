"""All recipes by name."""

from __future__ import annotations

from autotransfer.pretraining.distilled import Distilled
from autotransfer.pretraining.mae import MaskedImages
from autotransfer.pretraining.mlm import MaskedTokens
from autotransfer.pretraining.recipe import Recipe
from autotransfer.pretraining.simclr import Contrastive
from autotransfer.pretraining.supervised import Supervised

RECIPES: dict[str, type[Recipe]] = {
    recipe.name: recipe for recipe in (Supervised, Distilled, Contrastive, MaskedImages, MaskedTokens)
}
