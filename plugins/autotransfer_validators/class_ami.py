"""Class-cluster agreement: predicted classes should be the clusters of the target's features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured

_MOST = 4000
"""Target rows that are clustered, at most."""


@final
@dataclass(frozen=True)
class ClassAMI(Measured):
    """ClassAMI of Musgrave, Belongie and Lim, Three New Validators and a Large-Scale Benchmark Ranking for
    Unsupervised Domain Adaptation, 2022 (arXiv:2208.07360).

    The adjusted mutual information (Vinh, Epps and Bailey, JMLR 11, 2010) of the predicted classes of target rows and
    the clusters that k-means finds, as many as there are classes, in the leading principal directions of the target's
    features. The features are the model's own where it learns some, else the encoded rows.

    :param dims: principal directions; 64 in the authors' library pytorch-adapt.
    :param starts: of k-means, at least 1.
    """

    dims: int = 64
    starts: int = 10

    name: ClassVar[str] = "class_ami"
    needs: ClassVar[Clue] = Clue.TARGET | Clue.FEATURES
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "adjusted mutual information, about 0 (chance) to 1"
    cost: ClassVar[str] = "O(n d C) a step of k-means"
    meaning: ClassVar[str] = (
        "1 where the predicted classes are the clusters of the target rows, blind to clusters under exchanged names"
    )
    reference: ClassVar[str] = "Musgrave, Belongie and Lim, arXiv:2208.07360"

    def score(self, evidence: LabelFree) -> float:
        predicted = evidence.target_predictions.argmax(axis=1)
        if len(predicted) < 2:
            return float("nan")
        chosen = np.arange(len(predicted))
        if len(chosen) > _MOST:
            chosen = np.random.default_rng(evidence.seed).choice(len(chosen), _MOST, replace=False)
        clusters = self._clusters(evidence.target_features[chosen], evidence)
        if min(len(np.unique(clusters)), len(np.unique(predicted[chosen]))) < 2:
            return 0.0  # one class or one cluster agrees with nothing
        from sklearn.metrics import adjusted_mutual_info_score

        return float(adjusted_mutual_info_score(predicted[chosen], clusters))

    def _clusters(self, X: Array, evidence: LabelFree) -> Array:
        """The cluster of each row; as many clusters as classes, fewer where fewer rows differ."""
        from sklearn.cluster import KMeans

        distinct = _distinct(X)
        if distinct < 2:
            return np.zeros(len(X), np.int64)
        model = KMeans(min(evidence.n_classes, distinct), n_init=self.starts, random_state=evidence.seed)
        return np.asarray(model.fit_predict(_principal(X, self.dims)))


def _distinct(X: Array) -> int:
    """How many rows differ."""
    rows = np.ascontiguousarray(X + 0.0)  # no minus zeros
    return len({row.tobytes() for row in rows})


def _principal(X: Array, dims: int) -> Array:
    """Centred rows in their ``dims`` leading principal directions; in other coordinates alone when not wider."""
    X = X - X.mean(axis=0)
    if X.shape[1] <= dims:
        return X
    left, values, _ = np.linalg.svd(X, full_matrices=False)
    return np.asarray(left[:, :dims] * values[:dims])
