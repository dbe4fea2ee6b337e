"""How the penguin files of this folder were made: ``python -m autotransfer.demos.build_penguins penguins.csv``.

``penguins.csv`` is the simplified table of the palmerpenguins packages (344 birds, CC0).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

COLUMNS = ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "year", "sex"]
LABELED_OF_EACH_SEX = 20
SEED = 2014


def build(table: Path, folder: Path) -> None:
    """Write the four CSV files into ``folder``: 20 labelled Gentoo of each sex, the other labelled Gentoo as test set.

    Gentoo of unknown sex stay in the target as unlabelled rows; birds without any measurement are left out.
    """
    birds = pd.read_csv(table).dropna(subset=["bill_length_mm"])
    gentoo = birds[birds["species"] == "Gentoo"]
    labeled = gentoo.dropna(subset=["sex"])
    chosen = labeled.groupby("sex").sample(LABELED_OF_EACH_SEX, random_state=SEED).index
    files = {
        "penguins_gentoo": gentoo[gentoo.index.isin(chosen) | gentoo["sex"].isna()],
        "penguins_gentoo_test": labeled[~labeled.index.isin(chosen)],
        "penguins_adelie": birds[birds["species"] == "Adelie"],
        "penguins_chinstrap": birds[birds["species"] == "Chinstrap"],
    }
    for name, rows in files.items():
        rows[COLUMNS].to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(__file__).parent)
