"""Calibrated stacking: seen and unseen classes on one scale."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def seen_penalty(scores: Array, seen: Array) -> float:
    """Chao, Changpinyo, Gong and Sha, "An empirical study and analysis of generalized zero-shot learning for object
    recognition in the wild", ECCV 2016 (arXiv:1605.04253): a constant γ is taken off the scores of seen classes, which
    would else win nearly always.

    The paper chooses γ among all values by classes held out in validation. Here γ is given by the methods' setting
    ``calibration``, a multiple of the median margin by which training rows prefer their seen classes to the unseen
    ones; the search chooses it in folds that hold whole classes out. At 0 nothing is taken off, at 1 half of the
    training rows would go to unseen classes.

    :param scores: (n, n_classes) of training rows. :param seen: (n_classes,) bool.
    :returns: the median margin; 0 where the rows prefer unseen classes already, or where there are none.
    """
    if seen.all() or not seen.any() or len(scores) == 0:
        return 0.0
    margin = float(np.median(scores[:, seen].max(axis=1) - scores[:, ~seen].max(axis=1)))
    return max(margin, 0.0)
