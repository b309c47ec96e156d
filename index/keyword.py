"""BM25 over the fields of the same chunks as the vectors, as absolute scores in [0, 1]."""

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from index.analyse import stem_and_grams, stems, stems_and_grams, words
from index.postings import build_bm25

Scores = npt.NDArray[np.float32]

_OWNERS, _SIZE = "owners.npy", "size.json"
_ANALYSES: dict[str, Callable[[str], list[str]]] = {"stems": stems, "grams": stems_and_grams}
FIELDS = ("stems", "grams", "asked_stems")


@dataclass(frozen=True)
class KeywordScores:
    """`fields` is `(len(FIELDS), chunks)` float32; `asked` is `(questions,)`, in the order of chunk and question."""

    fields: Scores
    asked: Scores


class KeywordIndex:
    """BM25 over one list of chunks, twice over each text with the questions that it answers, once over each question.

    Scores are in the order the chunks were given; by single questions a chunk has the score of its best one. Questions
    pooled with the text are what doc2query does (Nogueira et al. 2019): many ways to ask add up to one topic.
    """

    def __init__(self, parts: dict[str, "_Part"], owners: npt.NDArray[np.int32], num_chunks: int) -> None:
        self._parts, self._owners, self._num_chunks = parts, owners, num_chunks
        # Where each owner's questions begin; they stand together, so the best of each is one `reduceat`.
        self._asked, self._starts = np.unique(owners, return_index=True)

    @classmethod
    def build(cls, texts: Sequence[str], questions: Sequence[Sequence[str]] = ()) -> "KeywordIndex":
        """An index held in memory; `questions` has the questions that each text answers, or is empty."""
        owners = [i for i, own in enumerate(questions) for _ in own]
        asked = [question for own in questions for question in own]
        pooled = ["\n".join((text, *own)) for text, own in zip(texts, questions or [()] * len(texts), strict=True)]
        parts = {}
        if pooled:
            parts["stems"] = _Part.build([stems(text) for text in pooled])
            parts["grams"] = _Part.build([stems_and_grams(text) for text in pooled])
        if asked:
            parts["asked_stems"] = _Part.build([stems(question) for question in asked])
        return cls(parts, np.array(owners, np.int32), len(texts))

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """The index that `save` wrote to `folder`."""
        size = json.loads((folder / _SIZE).read_text(encoding="utf-8"))
        parts = {name: _Part.load(folder / name) for name in FIELDS if (folder / name).is_dir()}
        return cls(parts, np.load(folder / _OWNERS), size["chunks"])

    def save(self, folder: Path) -> None:
        """Writes every field under `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in self._parts.items():
            part.save(folder / name)
        np.save(folder / _OWNERS, self._owners)
        (folder / _SIZE).write_text(json.dumps({"chunks": self._num_chunks}), encoding="utf-8")

    def score(self, query: str) -> KeywordScores:
        """The share of the query, 0 to 1, that each field of each chunk covers, and each question."""
        terms = {name: analyse(query) for name, analyse in _ANALYSES.items()}
        fields = np.zeros((len(FIELDS), self._num_chunks), np.float32)
        asked = np.zeros(len(self._owners), np.float32)
        for row, name in zip(fields, FIELDS, strict=True):
            if name not in self._parts:
                continue
            found = self._parts[name].score(terms["grams" if name == "grams" else "stems"])
            if name == "asked_stems":
                asked = found
                row[self._asked] = np.maximum.reduceat(found, self._starts)
            else:
                row[:] = found
        return KeywordScores(fields, asked)

    def score_stems(self, query: str) -> Scores:
        """`(chunks,)` float32: the first row of `fields`, by itself."""
        return self._parts["stems"].score(stems(query)) if self._parts else np.zeros(self._num_chunks, np.float32)

    def vocabulary(self) -> set[str]:
        """Every stem of a text or a question."""
        return set(self._parts["stems"].terms()) if "stems" in self._parts else set()

    def coverage(self, query: str, texts: Sequence[str]) -> Scores:
        """`(len(texts),)` float32 in [0, 1]: how much of the query's weight each short text has, both ways averaged."""
        asked = frozenset(stems_and_grams(query))
        spoken = [frozenset(words(text)) for text in texts]
        # Most words have no term of the query, and many texts share the words that do: each word is looked at once.
        said = {word: own for word in frozenset().union(*spoken) if not asked.isdisjoint(own := stem_and_grams(word))}
        present = [{term for word in said.keys() & text for term in said[word]} for text in spoken]
        parts = [self._parts[name].coverage(analyse(query), present) for name, analyse in _ANALYSES.items()]
        covered: Scores = np.mean(parts, axis=0, dtype=np.float32)
        return covered


class _Part:
    """One BM25 index, with the document frequencies that its ideal score needs."""

    def __init__(self, bm25: bm25s.BM25, frequencies: npt.NDArray[np.int32], num_chunks: int) -> None:
        self._bm25, self._frequencies, self._num_chunks = bm25, frequencies, num_chunks

    @classmethod
    def build(cls, chunks: Sequence[Sequence[str]]) -> "_Part":
        return cls(*build_bm25(chunks), len(chunks))

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
        weights = self.weigh(terms)
        mass = sum(weights.values())
        known = [self._bm25.vocab_dict[term] for term in weights if term in self._bm25.vocab_dict]
        if not known or mass == 0:
            return np.zeros(self._num_chunks, np.float32)
        scores: Scores = self._bm25.get_scores_from_ids(known)[: self._num_chunks] / np.float32(mass)
        return scores

    def coverage(self, terms: Sequence[str], texts: Sequence[AbstractSet[str]]) -> Scores:
        """The share of the terms' weight that each text, as terms, has."""
        weights = self.weigh(terms)
        mass = sum(weights.values()) or 1.0
        shares = [sum(weight for term, weight in weights.items() if term in present) / mass for present in texts]
        return np.array(shares, np.float32)

    def terms(self) -> Iterable[str]:
        """Every term, in no order."""
        return (term for term in self._bm25.vocab_dict if term)

    def weigh(self, terms: Sequence[str]) -> dict[str, float]:
        """Lucene's BM25 idf, as in bm25s, of each different term; a term that no chunk has weighs most."""
        vocabulary = self._bm25.vocab_dict
        unique = list(dict.fromkeys(terms))
        counts = np.array([self._frequencies[vocabulary[t]] if t in vocabulary else 0 for t in unique], np.float64)
        idf = np.log1p((self._num_chunks - counts + 0.5) / (counts + 0.5))
        return dict(zip(unique, idf.tolist(), strict=True))
