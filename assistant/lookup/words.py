"""Texts by their words, in memory, for search as you type: beginnings of words, mistakes, the more telling words first.

The words stand sorted, so that a beginning is one slice of them, and what has them one slice of the postings.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.lists.vocabulary import FILLERS
from index.analyse import stem, words
from index.spell import Speller

Scores = npt.NDArray[np.float32]
# What a word of the text is worth beside the very word that was typed.
_SAME_STEM, _BEGINS, _NEARLY = 0.9, 0.7, 0.5
_TELLS, _FILLS = 1.0, 0.1  # what a word of the query is worth, and one that narrows nothing
_MIN_MIDDLE = 3  # letters of a word that is done, but that only the beginning of a word fits
_MIN_NEAR = 5  # letters of a beginning that may have a mistake in it
_AFTER = "\uffff"  # sorts after any letter


class WordIndex:
    """Scores texts by a query; each text is given as `(weight, words)` of its parts, the weightiest first."""

    def __init__(self, texts: Iterable[Iterable[tuple[float, str]]]) -> None:
        postings: dict[str, list[tuple[int, float]]] = {}
        num_texts = 0
        for num_texts, parts in enumerate(texts, 1):
            best: dict[str, float] = {}
            for weight, text in parts:
                for word in words(text):
                    best.setdefault(word, weight)
            for word, weight in best.items():
                postings.setdefault(word, []).append((num_texts - 1, weight))
        self._size = num_texts
        self._words = sorted(postings)
        self._starts = np.cumsum([0, *(len(postings[word]) for word in self._words)])
        rows = [row for word in self._words for row in postings[word]]
        self._owners = np.array([owner for owner, _ in rows], np.int64)
        self._weights = np.array([weight for _, weight in rows], np.float32)
        self._of_stem: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._of_stem.setdefault(stem(word), []).append(place)
        self._speller = Speller(self._of_stem)

    def correct(self, query: str) -> str:
        """The query with each word that no text has as the nearest one that some text has."""
        return self._speller.correct(query)

    def search(self, queries: Iterable[str]) -> tuple[Scores, Scores]:
        """For each text its score, and the share of the words, 0 to 1, that it has; of several queries the best one."""
        scores, shares = np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        for query in dict.fromkeys(queries):
            asked = _asked(query)
            if not asked:
                continue
            found = np.array([self._find(word.text, word.is_begun) for word in asked])
            has = found > 0
            # A word that few texts have tells more; as in BM25, over what the word and its beginnings match.
            rarity = np.log1p(self._size / np.maximum(1, has.sum(axis=1)))
            total = (rarity * [word.weight for word in asked]).astype(np.float32) @ found
            share = has[[word.weight == _TELLS for word in asked]].mean(axis=0, dtype=np.float32)
            np.maximum(scores, total, out=scores)
            np.maximum(shares, share, out=shares)
        return scores, shares

    def _find(self, word: str, is_last: bool) -> Scores:
        """What one word is worth in each text: itself and its forms; where it is the last, all that it begins."""
        found = np.zeros(self._size, np.float32)
        for place in self._of_stem.get(stem(word), ()):
            self._take(place, place + 1, 1.0 if self._words[place] == word else _SAME_STEM, found)
        if is_last or (len(word) >= _MIN_MIDDLE and not found.any()):
            self._take(bisect_left(self._words, word), bisect_left(self._words, word + _AFTER), _BEGINS, found)
        if not found.any():
            for place in self._nearest(word, is_last):
                self._take(place, place + 1, _NEARLY, found)
        return found

    def _take(self, first: int, last: int, worth: float, found: Scores) -> None:
        part = slice(int(self._starts[first]), int(self._starts[last]))
        np.maximum.at(found, self._owners[part], self._weights[part] * np.float32(worth))

    def _nearest(self, word: str, is_last: bool) -> Sequence[int]:
        """The words that were meant: another spelling, or one that begins with another spelling of what is typed."""
        meant = self._speller.correct(word)
        if meant != word or not is_last or len(word) < _MIN_NEAR:
            return self._of_stem.get(meant, ())
        first, last = bisect_left(self._words, word[0]), bisect_left(self._words, word[0] + _AFTER)
        begun = [known[: len(word)] for known in self._words[first:last]]
        return [first + row[2] for row in process.extract(word, begun, scorer=OSA.distance, score_cutoff=1, limit=None)]


@dataclass(frozen=True)
class _Word:
    text: str
    weight: float
    is_begun: bool


def _asked(query: str) -> list[_Word]:
    """The words of the query; the last may only be begun. Those that narrow nothing only tell equals apart."""
    typed = words(query)
    is_telling = [word not in FILLERS for word in typed]
    if not any(is_telling):
        is_telling = [True] * len(typed)
    is_begun = not query[-1:].isspace()
    return [
        _Word(word, _TELLS if tells else _FILLS, is_begun and place == len(typed) - 1)
        for place, (word, tells) in enumerate(zip(typed, is_telling, strict=True))
    ]
