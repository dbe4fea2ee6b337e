from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.char_tfidf import CharTfidfEncoder
from autotransfer.encoders.lsa import LsaEncoder
from autotransfer.encoders.tfidf import TfidfEncoder
from autotransfer.state import load_state, save_state

WORDS = [f"word{i}" for i in range(60)]


def texts(values: list) -> Dataset:
    return Dataset("texts", Modality.TEXT, np.array(values, dtype=object))


def sentences(n: int, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    p = 1 / np.arange(1, 61)
    return texts([" ".join(rng.choice(WORDS, rng.integers(3, 20), p=p / p.sum())) for _ in range(n)])


def test_products_equal_those_of_scikit_learn() -> None:
    """Columns are in another order, so Gram matrices X X^T of fit rows, and of fit and new rows, are compared."""
    fit, fresh = sentences(80), sentences(30, 1)
    oracle = TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), sublinear_tf=True).fit(fit.inputs)
    fitted = TfidfEncoder(max_features=100_000).fit(fit)
    X, Z = fitted.transform(fit), fitted.transform(fresh)
    A, B = oracle.transform(fit.inputs).toarray(), oracle.transform(fresh.inputs).toarray()
    assert X.shape == A.shape
    np.testing.assert_allclose(X @ X.T, A @ A.T, atol=1e-5)
    np.testing.assert_allclose(Z @ X.T, B @ A.T, atol=1e-5)


def test_the_terms_of_most_rows_are_kept() -> None:
    fit = texts(["common rare1", "common rare2", "common rare3"])
    X = TfidfEncoder(max_features=1).fit(fit).transform(texts(["common", "rare1", "common common"]))
    np.testing.assert_allclose(X, [[1], [0], [1]], atol=1e-6)


def test_characters_are_robust_to_a_typo() -> None:
    """Cosine to a misspelt word: above 0.3 by characters, 0 by words."""
    fit = texts(["excellent movie", "terrible movie", "excelent", "other"])
    by_word, by_character = (encoder.fit(fit).transform(fit) for encoder in (TfidfEncoder(), CharTfidfEncoder()))
    assert by_word[0] @ by_word[2] == 0
    assert by_character[0] @ by_character[2] > 0.3
    assert by_character[1] @ by_character[2] < 0.1


def test_lsa_spans_the_leading_singular_vectors() -> None:
    """Equal Gram matrices of length-1 rows, against an exact SVD, when the kept rank is that of the data."""
    fit = texts([f"{WORDS[i % 7]} {WORDS[i % 5]}" for i in range(50)])
    weights = TfidfEncoder(max_features=10_000).fit(fit).transform(fit)
    rank = int(np.linalg.matrix_rank(weights, tol=1e-4))
    exact = TruncatedSVD(rank, algorithm="arpack", random_state=0).fit_transform(weights.astype(float))
    encoded = LsaEncoder(components=rank).fit(fit).transform(fit)
    np.testing.assert_allclose(encoded @ encoded.T, normalize(exact) @ normalize(exact).T, atol=1e-3)


def test_lsa_brings_synonyms_together() -> None:
    """Words that never meet, but share their company, are near in LSA and orthogonal in TF-IDF."""
    rng = np.random.default_rng(0)
    docs = [f"{rng.choice(['car', 'auto'])} engine wheel road" for _ in range(40)]
    docs += [f"{rng.choice(['cake', 'bread'])} oven flour sugar" for _ in range(40)]
    probe = texts(["car", "auto", "cake"])
    fitted = LsaEncoder(components=2).fit(texts(docs))
    encoded = fitted.transform(probe)
    assert encoded[0] @ encoded[1] > 0.9
    assert encoded[0] @ encoded[2] < 0.1


@pytest.mark.parametrize("encoder", [TfidfEncoder(), CharTfidfEncoder(), LsaEncoder()], ids=lambda e: e.name)
@pytest.mark.parametrize(
    "values", [[], [""], ["one"], ["", "  ", "?!"], [None, float("nan"), "word"], ["same"] * 5], ids=repr
)
def test_finite_and_restored_equal(encoder, values, tmp_path) -> None:
    fitted = encoder.fit(texts(values))
    probe = sentences(5)
    features = fitted.transform(probe)
    assert features.dtype == np.float32
    assert features.shape[1] >= 1
    for rows in (probe, texts(values), texts([])):
        encoded = fitted.transform(rows)
        assert encoded.shape == (len(rows), features.shape[1])
        assert np.isfinite(encoded).all()
    save_state(tmp_path, fitted.state())
    np.testing.assert_array_equal(encoder.restore(load_state(tmp_path)).transform(probe), features)
