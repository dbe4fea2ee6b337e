"""Data sets that only the shipped experience uses, as rows."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from autotransfer.data import Array
from benchmarks.tasks.rows import Rows

STYLES = ("photo", "art_painting", "cartoon", "sketch")
NETWORKS = ("acmv9", "citationv1", "dblpv7")
SCHOOLS = ("1 to 30", "31 to 60", "61 to 90", "91 to 120")
_WORDS, _PICTURES = 400, 900


def tweets(language: str, data: Path) -> Rows:
    """Tweets in one African language, three sentiments (Muhammad et al., AfriSenti, EMNLP 2023)."""
    path = data / "afrisenti" / f"{language}_train.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        cells = [line.rstrip("\n").split("\t") for line in file][1:]
    kept = [(row[-2], row[-1].strip()) for row in cells if len(row) >= 2]
    kept = [(text, label) for text, label in kept if label in ("positive", "neutral", "negative") and text.strip()]
    return Rows(pd.DataFrame({"text": [text for text, _ in kept]}), np.array([label for _, label in kept]))


@lru_cache(maxsize=4)
def drawings(style: str, data: Path) -> Rows:
    """Up to 900 PACS images of one style in grey, 32 × 32, seven classes (Li et al., ICCV 2017)."""
    from PIL import Image

    with zipfile.ZipFile(data / "pacs64" / "pacs64.zip") as archive:
        names = sorted(n for n in archive.namelist() if f"{style}/" in n and n.endswith(".jpg"))
        names = [names[i] for i in np.sort(np.random.default_rng(0).permutation(len(names))[:_PICTURES])]
        images = [Image.open(io.BytesIO(archive.read(name))).convert("L").resize((32, 32)) for name in names]
    return Rows(np.stack([np.asarray(i) for i in images]), np.array([name.split("/")[-2] for name in names]))


@lru_cache(maxsize=1)
def _words(data: Path) -> Array:
    """The attributes that most papers of the three networks have."""
    counts = sum(np.asarray((_network(name, data)[0] > 0).sum(axis=0)).ravel() for name in NETWORKS)
    return np.sort(np.argsort(-np.asarray(counts), kind="stable")[:_WORDS])


@lru_cache(maxsize=3)
def _network(name: str, data: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from scipy.io import loadmat
    from scipy.sparse import csr_matrix

    content = loadmat(data / "citation_networks" / f"{name}.mat")
    return csr_matrix(content["attrb"]), np.asarray(content["group"])


def papers(name: str, data: Path) -> Rows:
    """Papers of one network with one of five topics, their most frequent words (Shen et al., AAAI 2020)."""
    attributes, group = _network(name, data)
    single = np.flatnonzero(group.sum(axis=1) == 1)
    X = attributes[single][:, _words(data)].toarray().astype(np.float32)
    return Rows(X, group[single].argmax(axis=1).astype(np.int64))


def schools(which: str, data: Path) -> Rows:
    """Exam scores of the pupils of some of 139 schools (Bakker & Heskes, JMLR 2003)."""
    first, _, last = which.partition(" to ")
    with np.load(data / "school_ilea" / "school.npz") as file:
        X, y, task = file["X"].astype(np.float32), file["y"].ravel().astype(float), file["task"].ravel()
    chosen = np.isin(task, np.unique(task)[int(first) - 1 : int(last)])
    return Rows(X[chosen], y[chosen])


def sklearn_rows(name: str, data: Path) -> Rows:
    """A table of scikit-learn's."""
    from sklearn import datasets

    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return Rows(X.astype(np.float32), y if name == "diabetes" else y.astype(np.int64))


def series(name: str, data: Path) -> Rows:
    """Time series of equal length, both parts (Dau et al., the UCR archive, 2018)."""
    with np.load(data / "ucr_small4" / f"{name}.npz") as file:
        X = np.concatenate([file["X_train"], file["X_test"]]).astype(np.float32)
        y = np.concatenate([file["y_train"], file["y_test"]])
    return Rows(X.reshape(len(X), -1), y.astype(np.int64) if y.dtype.kind in "iuf" else y.astype(str))


def messages(name: str, data: Path) -> Rows:
    """Text messages, spam or not (Almeida et al., DocEng 2011)."""
    with gzip.open(data / "sms_spam" / "SMSSpamCollection.tsv.gz", "rt", encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t", 1) for line in file if "\t" in line]
    return Rows(pd.DataFrame({"text": [text for _, text in pairs]}), np.array([label for label, _ in pairs]))


def x_rays(name: str, data: Path) -> Rows:
    """Chest X-rays, 28 × 28, with pneumonia or not (Yang et al., MedMNIST v2, 2023)."""
    with np.load(data / "pneumoniamnist" / "pneumoniamnist.npz") as file:
        images = np.concatenate([file["train_images"], file["val_images"]])
        labels = np.concatenate([file["train_labels"], file["val_labels"]])
    return Rows(images, labels.ravel().astype(np.int64))
