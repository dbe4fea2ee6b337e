"""All built-in encoders in the order in which they are tried."""

from __future__ import annotations

from autotransfer.encoder import Encoder
from autotransfer.encoders import sentence
from autotransfer.encoders.char_tfidf import CharTfidfEncoder
from autotransfer.encoders.hellinger import HellingerEncoder
from autotransfer.encoders.hog import HogEncoder
from autotransfer.encoders.identity import IdentityEncoder
from autotransfer.encoders.lsa import LsaEncoder
from autotransfer.encoders.pixels import PixelsEncoder
from autotransfer.encoders.pixels_rgb import PixelsRgbEncoder
from autotransfer.encoders.standard import StandardEncoder
from autotransfer.encoders.table import TableEncoder
from autotransfer.encoders.table_quantile import TableQuantileEncoder
from autotransfer.encoders.tfidf import TfidfEncoder
from autotransfer.encoders.unit import UnitEncoder


def built_in() -> tuple[Encoder, ...]:
    """One instance of each, with default settings; ``sentence`` only where its packages are installed."""
    return (
        TableEncoder(),
        TableQuantileEncoder(),
        LsaEncoder(),
        *((sentence.SentenceEncoder(),) if sentence.available() else ()),
        TfidfEncoder(),
        CharTfidfEncoder(),
        HogEncoder(),
        PixelsEncoder(),
        PixelsRgbEncoder(),
        StandardEncoder(),
        HellingerEncoder(),
        UnitEncoder(),
        IdentityEncoder(),
    )
