"""What a matrix of accuracies says. Row i is after the first i tasks, row 0 before any; column j is task j."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def average(R: Array) -> float:
    """Mean over the tasks, in the end."""
    return float(R[-1].mean())


def forgetting(R: Array) -> float:
    """Mean over all tasks but the last of the best accuracy ever reached minus the last one (Chaudhry et al., ECCV
    2018, arXiv:1801.10112)."""
    tasks = R.shape[1]
    return float(np.mean([R[j + 1 : -1, j].max() - R[-1, j] for j in range(tasks - 1)]))


def backward_transfer(R: Array) -> float:
    """Mean over all tasks but the last of the last accuracy minus that right after the task (Lopez-Paz and Ranzato,
    NIPS 2017, arXiv:1706.08840)."""
    return float(np.mean(R[-1, :-1] - np.diagonal(R[1:])[:-1]))


def forward_transfer(R: Array) -> float:
    """Mean over all tasks but the first of the accuracy right before the task minus that of the new network (the same
    authors)."""
    return float(np.mean(np.diagonal(R)[1:] - R[0, 1:]))
