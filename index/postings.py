"""Numbers of terms → BM25 scores by term, in a few operations on arrays: what bm25s does text by text.

The files are those that bm25s reads and writes; searching in them needs none of its code, and none of scipy's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from index.arrays import read_array

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64] | npt.NDArray[np.int32]

# Measured 2026-11-23 on NorQuAD and on questions about regulations: flat around the usual values.
_K1, _B = 1.2, 0.75
_VOCABULARY = "vocab.index.json"
_STARTS, _TEXTS, _SCORES = "indptr.csc.index.npy", "indices.csc.index.npy", "data.csc.index.npy"


@dataclass(frozen=True, eq=False)
class Postings:
    """The BM25 scores of some texts for each term that one of them has.

    Those for the term `vocabulary[term]` stand from `starts[term]` to `starts[term + 1]`: `texts`, each once and in
    order, with their `scores`.
    """

    vocabulary: dict[str, int]
    starts: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int32]
    scores: Scores
    num_texts: int

    @classmethod
    def build(cls, terms: Numbers, owners: Numbers, num_texts: int, vocabulary: dict[str, int]) -> "Postings":
        """The postings of texts given as the numbers of their terms, in any order; `owners` is the text of each.

        Source: bm25s' `method="lucene"` (Lù 2024), idf times tf / (tf + k1 (1 - b + b length / mean length)).
        """
        lengths = np.bincount(owners, minlength=num_texts)
        # Sorted by term, then by text; equal ones are one posting.
        postings, counts = np.unique(terms.astype(np.int64) * num_texts + owners, return_counts=True)
        of_term, of_text = np.divmod(postings, max(1, num_texts))
        frequencies = np.bincount(of_term, minlength=len(vocabulary))
        damping = _K1 * (1 - _B + _B * lengths / (lengths.sum() / max(1, num_texts) or 1))
        scores = _idf(frequencies, num_texts)[of_term] * counts / (counts + damping[of_text])
        starts = np.concatenate([[0], np.cumsum(frequencies)])
        return cls(vocabulary, starts, of_text.astype(np.int32), scores.astype(np.float32), num_texts)

    @classmethod
    def load(cls, folder: Path, num_texts: int) -> "Postings":
        """The postings that `save` wrote; those of a term are read from disk where it is asked for."""
        vocabulary = msgspec.json.decode((folder / _VOCABULARY).read_bytes(), type=dict[str, int])
        starts, texts, scores = (read_array(folder / name) for name in (_STARTS, _TEXTS, _SCORES))
        return cls(vocabulary, starts, texts, scores, num_texts)

    def save(self, folder: Path) -> None:
        """Writes the vocabulary and three arrays in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _VOCABULARY).write_bytes(msgspec.json.encode(self.vocabulary))
        for name, array in ((_STARTS, self.starts), (_TEXTS, self.texts), (_SCORES, self.scores)):
            np.save(folder / name, array)

    def score(self, terms: Sequence[str]) -> Scores:
        """`(texts,)`: BM25 by the query's ideal mass, the sum of idf over its terms; unknown terms count in full."""
        weights = self.weigh(terms)
        scores = np.zeros(self.num_texts, np.float32)
        known = np.array([self.vocabulary[term] for term in weights if term in self.vocabulary], np.int64)
        for start, end in zip(self.starts[known].tolist(), self.starts[known + 1].tolist(), strict=True):
            scores[self.texts[start:end]] += self.scores[start:end]
        return scores / np.float32(sum(weights.values())) if len(known) else scores

    def weigh(self, terms: Sequence[str]) -> dict[str, float]:
        """Lucene's BM25 idf, as in bm25s, of each different term; a term that no text has weighs most."""
        unique = list(dict.fromkeys(terms))
        known = np.array([self.vocabulary.get(term, -1) for term in unique], np.int64)
        frequencies = np.where(known < 0, 0, self.starts[known + 1] - self.starts[known])
        return dict(zip(unique, _idf(frequencies, self.num_texts).tolist(), strict=True))


def _idf(frequencies: npt.NDArray[np.int64], num_texts: int) -> npt.NDArray[np.float64]:
    idf: npt.NDArray[np.float64] = np.log1p((num_texts - frequencies + 0.5) / (frequencies + 0.5))
    return idf
