"""Ridge regression with a penalty chosen by exact leave-one-out errors: the linear model of all probes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array

_PENALTIES = 10.0 ** np.arange(-4.0, 4.0)
"""Candidates, as multiples of the mean eigenvalue of the weighted scatter matrix."""


@dataclass(frozen=True, eq=False)
class Ridge:
    """A fitted linear model with c outputs.

    :param coefficients: (d, c). :param intercept: (c,).
    :param penalty: the chosen l2 penalty, for weights of mean 1.
    :param loo: sum of weighted squared leave-one-out errors over the judged rows.
    """

    coefficients: Array
    intercept: Array
    penalty: float
    loo: float

    def predict(self, X: Array) -> Array:
        """Outputs (n, c)."""
        return np.asarray(X @ self.coefficients + self.intercept)


def fit_ridge(X: Array, Y: Array, weights: Array | None = None, judged: slice = slice(None)) -> Ridge:
    """Minimise sum_i w_i ||y_i - b - x_i A||^2 + penalty ||A||^2 (Hoerl and Kennard, Technometrics 1970).

    Leaving row i out changes its residual to r_i / (1 - h_i), with leverages h that come out of the same
    decomposition (Allen, Technometrics 1974), so choosing the penalty costs no refits.

    :param X: (n, d), n >= 1. :param Y: (n, c). :param weights: (n,), non-negative, not all 0; scaled to mean 1.
    :param judged: the rows whose leave-one-out errors choose the penalty.
    """
    w = np.ones(len(X)) if weights is None else weights / weights.mean()
    root = np.sqrt(w)[:, None]
    x_mean, y_mean = w @ X / len(X), w @ Y / len(X)
    A, B = root * (X - x_mean), root * (Y - y_mean)
    eigenvalues, V = principal_axes(A)
    singular = np.sqrt(eigenvalues)
    projected = V.T @ (A.T @ B) / singular[:, None]
    U = A[judged] @ V / singular
    best = (np.inf, 1.0)
    for penalty in _PENALTIES * (eigenvalues.mean() if len(eigenvalues) else 1.0):
        shrink = eigenvalues / (eigenvalues + penalty)
        residual = B[judged] - U @ (shrink[:, None] * projected)
        leverage = (U**2) @ shrink + w[judged] / len(X)
        loo = float(np.sum((residual / np.maximum(1.0 - leverage, 1e-9)[:, None]) ** 2))
        best = min(best, (loo, float(penalty)))
    loo, penalty = best
    coefficients = V @ ((singular / (eigenvalues + penalty))[:, None] * projected)
    return Ridge(coefficients, y_mean - x_mean @ coefficients, penalty, loo)


def principal_axes(A: Array) -> tuple[Array, Array]:
    """Eigenvalues (k,) and eigenvectors (d, k) of ``A^T A`` by way of the smaller Gram matrix, ascending, null
    directions left out."""
    tall = A.shape[0] >= A.shape[1]
    eigenvalues, vectors = np.linalg.eigh(A.T @ A if tall else A @ A.T)
    keep = eigenvalues > 1e-12 * max(eigenvalues.max(initial=0.0), np.finfo(float).tiny)
    eigenvalues, vectors = eigenvalues[keep], vectors[:, keep]
    return eigenvalues, vectors if tall else A.T @ vectors / np.sqrt(eigenvalues)
