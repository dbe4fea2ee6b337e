"""Built-in readers, one form of data set a module: ``read(uri, options)`` gives the data, or None for other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotransfer.problem import RawData, ReadOptions

FORMS = (
    "FILE.csv, .tsv (also with .gz) or .parquet: a table",
    "FOLDER or FILE.zip with CLASS/image.jpg inside: images",
    "FOLDER or FILE.zip with images and captions.csv (columns file, caption): pairs",
    "FILE.npz with X and y: features or image arrays",
    "demo:NAME",
    "sklearn:NAME",
)
"""The accepted forms, in words."""


def read(uri: str, options: ReadOptions) -> RawData | None:
    """The data set that ``uri`` names, or None when no built-in reader takes its form."""
    from autotransfer.readers.demo import read as demo
    from autotransfer.readers.image_folder import read as image_folder
    from autotransfer.readers.image_pairs import read as image_pairs
    from autotransfer.readers.image_zip import read as image_zip
    from autotransfer.readers.npz import read as npz
    from autotransfer.readers.sklearn_sets import read as sklearn_sets
    from autotransfer.readers.table import read as table

    for reader in (demo, sklearn_sets, table, npz, image_zip, image_pairs, image_folder):
        found = reader(uri, options)
        if found is not None:
            return found
    return None
