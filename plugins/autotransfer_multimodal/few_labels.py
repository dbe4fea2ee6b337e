"""Labelled rows beside prompts: a linear head that starts at the text embeddings and stays near them."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.logistic import solve_logistic
from autotransfer.learners.rows import Rows


def anchored(z: Array, fixed: Array, y: Array, factor: float, anchor: float) -> Array:
    """Silva-Rodríguez, Hajimiri, Ben Ayed and Dolz, "A closer look at the few-shot adaptation of large vision-language
    models", CVPR 2024 (arXiv:2312.12730): a linear probe that begins with the text embeddings of the classes and is
    held near them by a penalty. There the penalty's weight is learned for each class; here it is one setting.

    Minimises the cross-entropy of ``fixed + factor · z Vᵀ`` among the classes with rows, plus ½ anchor ‖V‖² a row of
    the mean loss times n: towards infinity it is the zero-shot classifier. Classes without a row keep V = 0.

    :param z: (n, d) representations. :param fixed: (n, n_classes) zero-shot scores. :param y: (n,) class indices.
    :param factor: of cosines. :param anchor: > 0.
    :returns: V (n_classes, d).
    """
    V, present = np.zeros((fixed.shape[1], z.shape[1])), np.unique(y)
    if len(present) < 2:
        return V
    scores, rows = fixed[:, present], np.asarray(factor * z, np.float64)
    offset = scores[:, 1:] - scores[:, :1] if len(present) == 2 else scores
    known = Rows(rows, np.searchsorted(present, y), len(present), np.ones(len(y)))
    found, _ = solve_logistic(known, anchor, np.asarray(offset, np.float64), intercept=False)
    V[present] = np.column_stack([-found[:, 0] / 2, found[:, 0] / 2]).T if len(present) == 2 else found.T
    return V
