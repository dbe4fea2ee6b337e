"""Numbers of the literature."""

from __future__ import annotations

from pathlib import Path


def accuracies(file: Path, keys: tuple[str, str], only: str | None = None) -> dict[str, dict[str, float]]:
    """Method -> pair -> accuracy from a CSV.

    :param keys: the columns that hold method and pair. :param only: keep rows whose ``benchmark`` is this.
    """
    import pandas as pd

    frame = pd.read_csv(file)
    if only is not None:
        frame = frame[frame["benchmark"] == only]
    method, pair = keys
    return {
        str(name): dict(zip(rows[pair], rows["accuracy"].astype(float), strict=True))
        for name, rows in frame.groupby(method, sort=False)
    }
