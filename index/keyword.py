"""BM25 over the same chunks as the vectors, as absolute scores in [0, 1]."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from index.analyse import stems, stems_and_grams

Scores = npt.NDArray[np.float32]

# Measured 2026-11-23 on NorQuAD and on questions about regulations: flat around the usual values.
_K1, _B = 1.2, 0.75
_FIELDS: dict[str, Callable[[str], list[str]]] = {"stems": stems, "grams": stems_and_grams}


class KeywordIndex:
    """Two BM25 indexes over one list of chunks; scores are in the order the chunks were given."""

    def __init__(self, parts: dict[str, "_Part"]) -> None:
        self._parts = parts

    @classmethod
    def build(cls, texts: Sequence[str]) -> "KeywordIndex":
        """An index over `texts`, held in memory."""
        return cls({name: _Part.build([analyse(text) for text in texts]) for name, analyse in _FIELDS.items()})

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """The index that `save` wrote to `folder`."""
        return cls({name: _Part.load(folder / name) for name in _FIELDS})

    def save(self, folder: Path) -> None:
        """Writes both indexes under `folder`."""
        for name, part in self._parts.items():
            part.save(folder / name)

    def score(self, query: str) -> tuple[Scores, Scores]:
        """`(by stems, by 5-grams)`, each `(n,)` float32 in [0, 1]: the share of the query that a chunk covers."""
        by_stems, by_grams = (self._parts[name].score(analyse(query)) for name, analyse in _FIELDS.items())
        return by_stems, by_grams

    def coverage(self, query: str, texts: Sequence[str]) -> Scores:
        """`(len(texts),)` float32 in [0, 1]: how much of the query's weight each short text has, both ways averaged."""
        parts = [
            self._parts[name].coverage(analyse(query), [analyse(t) for t in texts]) for name, analyse in _FIELDS.items()
        ]
        covered: Scores = np.mean(parts, axis=0, dtype=np.float32)
        return covered


class _Part:
    """One BM25 index, with the document frequencies that its ideal score needs."""

    def __init__(self, bm25: bm25s.BM25, frequencies: npt.NDArray[np.int32], num_chunks: int) -> None:
        self._bm25, self._frequencies, self._num_chunks = bm25, frequencies, num_chunks

    @classmethod
    def build(cls, chunks: Sequence[Sequence[str]]) -> "_Part":
        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms] for terms in chunks]
        frequencies = np.zeros(len(vocabulary), np.int32)
        for row in rows:
            frequencies[list(set(row))] += 1
        bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        bm25.index((rows, vocabulary), show_progress=False)
        return cls(bm25, frequencies, len(chunks))

    @classmethod
    def load(cls, folder: Path) -> "_Part":
        bm25 = bm25s.BM25.load(folder, show_progress=False)
        size = json.loads((folder / "size.json").read_text(encoding="utf-8"))
        return cls(bm25, np.load(folder / "frequencies.npy"), size["chunks"])

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)
        np.save(folder / "frequencies.npy", self._frequencies)
        (folder / "size.json").write_text(json.dumps({"chunks": self._num_chunks}), encoding="utf-8")

    def score(self, terms: Sequence[str]) -> Scores:
        """BM25 divided by the query's ideal mass, the sum of idf over its terms; unknown terms count in full."""
        weights = self._weigh(terms)
        mass = sum(weights.values())
        known = [self._bm25.vocab_dict[term] for term in weights if term in self._bm25.vocab_dict]
        if not known or mass == 0:
            return np.zeros(self._num_chunks, np.float32)
        scores: Scores = self._bm25.get_scores_from_ids(known)[: self._num_chunks] / np.float32(mass)
        return scores

    def coverage(self, terms: Sequence[str], texts: Sequence[Sequence[str]]) -> Scores:
        weights = self._weigh(terms)
        mass = sum(weights.values()) or 1.0
        shares = [
            sum(weight for term, weight in weights.items() if term in present) / mass for present in map(set, texts)
        ]
        return np.array(shares, np.float32)

    def _weigh(self, terms: Sequence[str]) -> dict[str, float]:
        """Lucene's BM25 idf, as in bm25s, of each different term; a term that no chunk has weighs most."""
        vocabulary = self._bm25.vocab_dict
        unique = list(dict.fromkeys(terms))
        counts = np.array([self._frequencies[vocabulary[t]] if t in vocabulary else 0 for t in unique], np.float64)
        idf = np.log1p((self._num_chunks - counts + 0.5) / (counts + 0.5))
        return dict(zip(unique, idf.tolist(), strict=True))
