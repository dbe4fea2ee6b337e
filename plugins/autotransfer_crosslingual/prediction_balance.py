"""Whether a model of the source still finds all classes in the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.likeness import Likeness, sampled
from autotransfer_crosslingual.vocabulary import texts_of

_LENGTHS = (2, 4)
_MOST = 30_000
_FEW = 1e-12


@final
@dataclass(frozen=True)
class PredictionBalance(Likeness):
    """Bridle, Heading and MacKay, "Unsupervised classifiers, mutual information and 'phantom targets'", NIPS 1991, the
    term for fairness: the entropy of the shares of the classes that a model of the source predicts on the target's
    rows, in units of that of equal shares. A model that knows nothing of the target's words falls back on one class.

    The model is a logistic regression of character n-grams (2 to 4, TF-IDF); its classes have equal total weight, so
    that the source's own shares do not count.

    :param cap: see ``Likeness``. :param l2: penalty against the sum of losses.
    """

    l2: float = 0.2

    name: ClassVar[str] = "prediction_balance"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.OTHER_LANGUAGE
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "share of the largest entropy, 0 to 1"
    cost: ClassVar[str] = "O(characters)"
    seconds: ClassVar[float] = 5.0
    regression: ClassVar[bool] = False
    meaning: ClassVar[str] = "1: a model of the source finds all classes in the target; 0: it sees one class alone."
    reference: ClassVar[str] = "Bridle, Heading and MacKay, NIPS 1991"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The entropy; NaN without target rows, and where the source has one class."""
        here = sampled(texts_of(task.train, task.unlabeled), self.cap, ctx)
        places = np.arange(len(source.rows))
        if len(places) > self.cap:
            places = np.sort(ctx.rng().permutation(len(places))[: self.cap])
        rows = source.rows.take(places)
        if not here or len(np.unique(rows.labels)) < 2:
            return float("nan")
        named = self._model(texts_of(rows), rows.labels).predict(np.array(here, dtype=object))
        return balance(np.bincount(named, minlength=task.n_classes))

    def _model(self, texts: tuple[str, ...], y: Array) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        grams = TfidfVectorizer(analyzer="char_wb", ngram_range=_LENGTHS, sublinear_tf=True, max_features=_MOST)
        logistic = LogisticRegression(C=1 / self.l2, class_weight="balanced", max_iter=1000, tol=1e-3)
        return make_pipeline(grams, logistic).fit(np.array(texts, dtype=object), y)


def balance(counts: Array) -> float:
    """Entropy of shares over that of equal ones; 0 where there is one class."""
    if len(counts) < 2:
        return 0.0
    shares = counts / counts.sum()
    return float(-(shares * np.log(np.maximum(shares, _FEW))).sum() / np.log(len(counts)))
