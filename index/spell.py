"""Words the guide does not have → the nearest ones it has: a letter too many, missing, wrong or swapped."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analyse import stem, words

_MIN_LETTERS = 5  # a shorter unknown word is as near to many others as to the one that was meant
_LONG = 9  # from here on two mistakes are forgiven, before only one


class Speller:
    """Corrects the words of a query against the stems that the guide uses."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._known = frozenset(stems)
        self._by_start: dict[str, list[str]] = {}
        for known in sorted(self._known):
            if len(known) >= _MIN_LETTERS - 1 and known.isalpha():
                self._by_start.setdefault(known[0], []).append(known)

    def correct(self, query: str) -> str:
        """The words of the query, each unknown one replaced by the nearest known stem; the query where none is."""
        typed = words(query)
        meant = [self._nearest(word) for word in typed]
        return query if meant == typed else " ".join(meant)

    def _nearest(self, word: str) -> str:
        own = stem(word)
        if own in self._known or len(word) < _MIN_LETTERS or not word.isalpha():
            return word
        limit = 2 if len(word) >= _LONG else 1
        # People seldom miss the first letter, and looking at one letter's words alone is a twentieth of the work.
        found = process.extractOne(own, self._by_start.get(own[0], ()), scorer=OSA.distance, score_cutoff=limit)
        return found[0] if found else word
