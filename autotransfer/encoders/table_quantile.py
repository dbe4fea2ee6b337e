"""Tables as numbers, by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.table import fit_table, restore_table
from autotransfer.state import State


@final
@dataclass(frozen=True)
class TableQuantileEncoder(Encoder):
    """Conover and Iman, "Rank transformations as a bridge between parametric and nonparametric statistics", The
    American Statistician 1981 (https://doi.org/10.1080/00031305.1981.10479327): as ``table``, but numbers are mapped
    to normal scores of their ranks before they are scaled, which tames skew and outliers.

    :param max_categories: see ``table``.
    """

    name: ClassVar[str] = "table_quantile"
    modality: ClassVar[Modality] = Modality.TABLE
    reference: ClassVar[str] = "Conover & Iman, The American Statistician 1981"

    max_categories: int = 30

    def fit(self, data: Dataset) -> FittedEncoder:
        return fit_table(data, self.max_categories, by_rank=True)

    def restore(self, state: State) -> FittedEncoder:
        return restore_table(state)
