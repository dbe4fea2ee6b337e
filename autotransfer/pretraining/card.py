"""The model card: what was trained on what, how, and how good it is."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from autotransfer.config import to_json
from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.pretrained.entry import Entry
from autotransfer.pretraining.rows import TrainingRows
from autotransfer.session import environment

if TYPE_CHECKING:
    from autotransfer.pretraining.job import Order

PER_CLASS = 20
"""Training rows of each class for the linear probe."""
_L2 = 1.0


def first_card(order: Order, rows: TrainingRows, name: str) -> dict[str, Any]:
    """All that is known before training."""
    data = {
        "name": shown(order.data),
        "rows": len(rows.train),
        "held_out": len(rows.held),
        "digest": rows.train.digest,
    }
    return {
        "name": name,
        "modality": str(rows.train.modality),
        "recipe": order.recipe.name,
        "reference": order.recipe.reference,
        "settings": to_json(order.recipe),
        "data": data,
        "classes": list(rows.classes) or None,
        "seed": order.seed,
        "device": order.device,
        "command": command(order, name),
        "environment": environment(),
        "notes": list(rows.notes),
    }


def shown(uri: str) -> str:
    """The data's name without the folders above it: of an archive its file name and what is inside."""
    parts = PurePath(uri).parts
    archive = next((index for index, part in enumerate(parts) if part.lower().endswith(".zip")), len(parts) - 1)
    return "/".join(parts[archive:])


def command(order: Order, name: str) -> str:
    """The line that trains the same again, in the folder of the data."""
    words = ["autotransfer", "pretrain", shown(order.data), "--recipe", order.recipe.name, "--out", name]
    words += ["--epochs", str(order.epochs), "--seed", str(order.seed), "--device", order.device]
    words += [] if order.seconds == float("inf") else ["--budget", f"{order.seconds:g}s"]
    given = {"--size": order.size, "--width": order.width, "--label": order.read.label, "--text": order.read.text}
    given["--teacher"] = getattr(order.recipe, "teacher", None)
    words += [word for option, value in given.items() if value is not None for word in (option, str(value))]
    return shlex.join(words)


def measured(entry: Entry, rows: TrainingRows, seed: int) -> dict[str, Any] | None:
    """Accuracy on the rows held out, in shares of 1; None where there are none.

    ``linear_probe`` is that of a logistic regression (L2 penalty 1) on features of ``rows_per_class`` training rows a
    class; ``head`` is that of the network's own classifier, ``chance`` the share of the commonest class.
    """
    held = rows.held
    if not len(held):
        return None
    few = _few(rows.train.labels, np.random.default_rng(seed))
    X, y, known = entry.network.features(rows.train.take(few)), rows.train.labels[few], held.labels
    Z = entry.network.features(held)
    center, scale = X.mean(axis=0), X.std() + 1e-6
    probe = Linear(_L2).fit((X - center) / scale, y, n_classes=len(rows.classes), seed=seed)
    found: dict[str, Any] = {"rows": len(held), "rows_per_class": PER_CLASS}
    found["linear_probe"] = _share(probe.predict_features((Z - center) / scale), known)
    head = entry.network.head()
    found["head"] = None if head is None else _share(Z @ head[0].T + head[1], known)
    found["chance"] = round(float(np.bincount(known).max() / len(known)), 4)
    return found


def _few(y: Array, rng: np.random.Generator) -> Array:
    """Up to ``PER_CLASS`` rows of each class, at random."""
    return np.concatenate([rng.permutation(np.flatnonzero(y == k))[:PER_CLASS] for k in np.unique(y[y >= 0])])


def _share(scores: Array, y: Array) -> float:
    return round(float(np.mean(scores.argmax(axis=1) == y)), 4)
