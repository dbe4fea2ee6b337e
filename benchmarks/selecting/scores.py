"""How good forecasts were, once the outcomes are known."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def regret(order: Array, outcome: Array) -> float:
    """Points from the arm with the largest ``order`` to the best one."""
    return float(outcome.max() - outcome[int(order.argmax())])


def random_regret(outcome: Array) -> float:
    """Expected points from an arm drawn at random to the best one."""
    return float(outcome.max() - outcome.mean())


def weighted_tau(order: Array, outcome: Array) -> float:
    """Kendall's tau with hyperbolic weights, ranked by both in turn (Vigna, WWW 2015): what the field reports."""
    from scipy.stats import weightedtau

    return float(weightedtau(order, outcome).statistic)


def brier(risk: Array, negative: Array) -> float:
    """Mean squared error of probabilities (n,) of outcomes 0 or 1."""
    return float(np.square(risk - negative).mean())


def skill(risk: Array, negative: Array, share: Array) -> float:
    """Brier skill against ``share`` (n,), what the training folds had: 1 is perfect, 0 no better."""
    return 1.0 - brier(risk, negative) / brier(share, negative)


def auroc(risk: Array, negative: Array) -> float:
    """P(a negative outcome had the larger risk); 0.5 says nothing."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(negative, risk))


def calibration_error(risk: Array, negative: Array, bins: int = 10) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015), over bins of equal numbers of rows."""
    parts = np.array_split(np.argsort(risk, kind="stable"), bins)
    gaps = [len(rows) * abs(float(risk[rows].mean() - negative[rows].mean())) for rows in parts if len(rows)]
    return sum(gaps) / len(risk)
