"""MNIST and USPS in the samples and the protocol of the JDA paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.data import Array
from benchmarks.adapting.published import accuracies
from benchmarks.adapting.transduction import NEAREST, Predict, by, nearest, percent, principal
from benchmarks.harness import Bar, at_least

EXACT = {"MNIST->USPS": 65.94, "USPS->MNIST": 44.70}
"""1-NN as published, which the protocol gives to the digit."""


def methods() -> dict[str, Predict]:
    """Row -> how target rows are predicted. Settings for digits: those of JDA's and JGSA's authors; else Office's."""
    from autotransfer_adaptation.coral import Coral
    from autotransfer_adaptation.djp_mmd import DjpMmd
    from autotransfer_adaptation.gfk import Gfk
    from autotransfer_adaptation.jda import Jda
    from autotransfer_adaptation.jgsa import Jgsa
    from autotransfer_adaptation.meda import Meda
    from autotransfer_adaptation.optimal_transport import OptimalTransport
    from autotransfer_adaptation.subspace_alignment import SubspaceAlignment
    from autotransfer_adaptation.tca import Tca

    return {
        "1NN": nearest,
        "PCA": principal(100),
        "SA": by(SubspaceAlignment(learner=NEAREST, dims=20)),
        "TCA": by(Tca(learner=NEAREST, kernel="primal", dims=100, penalty=0.1, unit_rows=True)),
        "GFK": by(Gfk(learner=NEAREST, dims=20)),
        "JDA": by(Jda(learner=NEAREST, kernel="primal", dims=100, penalty=0.1, rounds=10, unit_rows=True)),
        "DJP-MMD": by(DjpMmd(NEAREST, kernel="primal", dims=100, penalty=0.1, discrimination=0.1, rounds=10)),
        "CORAL": by(Coral(learner=NEAREST)),
        "OT": by(OptimalTransport(learner=NEAREST, most_rows=2000)),
        "JGSA": by(Jgsa(learner=NEAREST, dims=100, alpha=1.0, beta=0.01, mu=1.0, rounds=10, unit_rows=True)),
        "MEDA": by(
            Meda(dims=20, shrinkage=0.1, alignment=10.0, smoothness=1.0, neighbors=10, rounds=10, most_rows=2000)
        ),
    }


def prepared(data: Path) -> dict[str, tuple[Array, Array]]:
    """Rows of unit length, and classes."""
    found = {}
    with np.load(data / "mnist_usps_jda" / "mnist_usps_jda.npz") as arrays:
        for name in ("mnist", "usps"):
            X = arrays[f"X_{name}"].astype(np.float64)
            found[name.upper()] = X / np.linalg.norm(X, axis=1, keepdims=True), arrays[f"y_{name}"].astype(np.int64)
    return found


def digits(data: Path) -> tuple[list[Bar], list[dict[str, Any]]]:
    """Bars, and two rows a method: ours and the published one."""
    known = accuracies(data / "mnist_usps_jda" / "reference_published.csv", ("method", "task"))
    domains, rows = prepared(data), []
    exact = 0
    for name, predict in methods().items():
        scores = {}
        for pair in EXACT:
            (S, ys), (T, yt) = (domains[part] for part in pair.split("->"))
            scores[pair] = percent(predict(S, ys, T), yt)
        exact += sum(name == "1NN" and scores[pair] == EXACT[pair] for pair in EXACT)
        rows.append({"table": "digits of the JDA paper", "method": name, "numbers": "here", **scores})
        if name in known:
            rows.append({"table": "digits of the JDA paper", "method": name, "numbers": "published", **known[name]})
    return [at_least("digits of the JDA paper: pairs whose 1-NN number is exact", exact, len(EXACT))], rows
