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
        self._longest = max(map(len, self._terms), default=0)

    def rewrite(self, query: str) -> str:
        """The query with each known phrase, longest first, replaced by its term; the query itself where none is."""
        found = list(_WORD.finditer(query))
        parts: list[str] = []
        cursor = place = 0
        while place < len(found):
            for length in range(min(self._longest, len(found) - place), 0, -1):
                matched = found[place : place + length]
                term = self._terms.get(_key([match[0] for match in matched]))
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
