"""How far rows are from the centres of classes, their own centre taken without them."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def class_distances(Z: Array, y: Array) -> tuple[Array, Array]:
    """Centres (n_seen, k) of the classes in ``y``, ascending, and squared distances (n, n_seen) of the rows to them.

    A row pulls the centre of its class towards itself: without that row the distance to it is n / (n - 1) times as
    large, in a class of n rows. In many columns, where all distances are nearly alike, that is what tells rows of a
    class from others. A row that is alone in its class keeps its distance of 0.

    :param Z: (n, k). :param y: (n,) class indices.
    """
    classes, place, counts = np.unique(y, return_inverse=True, return_counts=True)
    centres = np.zeros((len(classes), Z.shape[1]))
    np.add.at(centres, place, Z)
    centres /= counts[:, None]
    squares = np.square(Z).sum(axis=1)[:, None] - 2 * Z @ centres.T + np.square(centres).sum(axis=1)
    squares = np.maximum(squares, 0.0)
    squares[np.arange(len(Z)), place] *= np.square(counts / np.maximum(counts - 1, 1))[place]
    return centres, squares
