"""BM25 over the fields of the same chunks as the vectors, as absolute scores in [0, 1]."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analyse import stem_and_grams, stems, stems_and_grams
from index.postings import Postings, Scores
from index.spoken import Spoken, analyse_words, join, post
from index.terms import Terms

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
    `asked_terms` are the terms of each question, for `cover`.
    """

    def __init__(
        self, parts: dict[str, Postings], owners: npt.NDArray[np.int32], num_chunks: int, asked_terms: Terms
    ) -> None:
        self._parts, self._owners, self._num_chunks = parts, owners, num_chunks
        self.asked_terms = asked_terms
        # Where each owner's questions begin; they stand together, so the best of each is one `reduceat`.
        self._asked, self._starts = np.unique(owners, return_index=True)

    @classmethod
    def build(cls, texts: Sequence[str], questions: Sequence[Sequence[str]] = ()) -> "KeywordIndex":
        """An index held in memory; `questions` has the questions that each text answers, or is empty."""
        owners = np.repeat(np.arange(len(questions), dtype=np.int64), [len(own) for own in questions])
        if not texts:
            return cls({}, owners.astype(np.int32), 0, _read_terms((), {}))
        known: dict[str, int] = {}
        said = Spoken.read(texts, known)
        asked = Spoken.read((question for own in questions for question in own), known)
        pooled, num_texts = join(said, asked, owners), len(texts)
        by_stem, stem_numbers = analyse_words([*known], stems)
        by_gram, gram_numbers = analyse_words([*known], stem_and_grams)

        parts = {
            "stems": post(pooled, by_stem, stem_numbers, num_texts),
            "grams": post(pooled, by_gram, gram_numbers, num_texts),
        }
        if len(owners):
            parts["asked_stems"] = post(asked, by_stem, stem_numbers, len(owners))
        asked_terms = _different(asked.as_terms(by_gram), len(owners), len(gram_numbers))
        return cls(parts, owners.astype(np.int32), num_texts, asked_terms)

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """The index that `save` wrote to `folder`."""
        size = json.loads((folder / _SIZE).read_text(encoding="utf-8"))
        owners = np.load(folder / _OWNERS)
        num_texts = {name: len(owners) if name == "asked_stems" else size["chunks"] for name in FIELDS}
        parts = {name: Postings.load(folder / name, n) for name, n in num_texts.items() if (folder / name).is_dir()}
        return cls(parts, owners, size["chunks"], Terms.load(folder))

    def save(self, folder: Path) -> None:
        """Writes every field under `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in self._parts.items():
            part.save(folder / name)
        self.asked_terms.save(folder)
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

    def vocabulary(self) -> set[str]:
        """Every stem of a text or a question."""
        return {term for term in self._parts["stems"].vocabulary if term} if self._parts else set()

    def read_terms(self, texts: Sequence[str]) -> Terms:
        """The terms of short texts that the guide has, for `cover`: read once where the texts are its own."""
        return _read_terms(texts, self._parts)

    def cover(self, query: str, terms: Terms) -> Scores:
        """`(texts,)` float32 in [0, 1]: how much of the query's weight each text has, both ways averaged."""
        if not self._parts:
            return np.zeros(len(terms.counts), np.float32)
        numbers = self._parts["grams"].vocabulary  # has every stem too
        weights = np.zeros(len(numbers))
        for name, analyse in _ANALYSES.items():
            own = self._parts[name].weigh(analyse(query))
            mass = len(_ANALYSES) * sum(own.values())
            for term, weight in own.items():
                if term in numbers:
                    weights[numbers[term]] += weight / mass
        return terms.sum_of(weights).astype(np.float32)

    def coverage(self, query: str, texts: Sequence[str]) -> Scores:
        """What `cover` finds for texts that are seen once."""
        return self.cover(query, self.read_terms(texts))


def _different(spoken: Spoken, num_texts: int, num_terms: int) -> Terms:
    """The different terms of each text."""
    owners, numbers = np.divmod(np.unique(spoken.owners * num_terms + spoken.numbers), max(1, num_terms))
    return Terms(numbers.astype(np.int32), np.bincount(owners, minlength=num_texts).astype(np.int32))


def _read_terms(texts: Sequence[str], parts: Mapping[str, Postings]) -> Terms:
    return Terms.read(map(stems_and_grams, texts), parts["grams"].vocabulary if parts else {})
