"""What people say → what the guide says: everyday words, abbreviations, nynorsk and English for the official term."""

import re
from collections.abc import Sequence

from index.analyse import stem
from index.registry import Term

_WORD = re.compile(r"[\wæøåÆØÅ&+]+(?:-[\wæøåÆØÅ]+)*")
_SHORT = 2  # abbreviations this short ("AS", "SA") are ordinary words unless written in capitals


class Expander:
    """Rewrites a query in the guide's own terms."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms: dict[tuple[str, ...], str] = {}
        for term in terms:
            for other in term.others:
                key = _key(_WORD.findall(other))
                if key and key != _key(_WORD.findall(term.term)):
                    self._terms.setdefault(key, term.term)
        # How many words a phrase that begins with a stem may have, longest first: few stems begin one.
        self._lengths: dict[str, list[int]] = {}
        for first, length in sorted({(key[0], len(key)) for key in self._terms}, reverse=True):
            self._lengths.setdefault(first, []).append(length)

    def rewrite(self, query: str) -> str:
        """The query with each known phrase, longest first, replaced by its term; the query itself where none is."""
        found = list(_WORD.finditer(query))
        stems = _key([match[0] for match in found])
        parts: list[str] = []
        cursor = place = 0
        while place < len(found):
            for length in self._lengths.get(stems[place], ()):
                term = self._terms.get(stems[place : place + length])
                matched = found[place : place + length]
                is_short = length == 1 and len(matched[0][0]) <= _SHORT and not matched[0][0].isupper()
                if term is not None and not is_short:
                    parts += [query[cursor : matched[0].start()], term]
                    cursor = matched[-1].end()
                    place += length
                    break
            else:
                place += 1
        return "".join(parts) + query[cursor:]


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(stem(word.lower()) for word in words)
