"""Norwegian words → index terms: Snowball stems, and stems with character 5-grams for compounds and nynorsk."""

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[0-9a-zæøåäöéèüáàóòôêáčđŋšŧž]+")
_GRAM = 5
_stemmer = Stemmer.Stemmer("norwegian")


def words(text: str) -> list[str]:
    """The lower-cased words and numbers of a text, in order."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a lower-cased word."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


@lru_cache(maxsize=100_000)
def _grams(word: str) -> tuple[str, ...]:
    padded = f"_{stem(word)}_"
    return tuple(f"#{padded[i : i + _GRAM]}" for i in range(len(padded) - _GRAM + 1))


def stems(text: str) -> list[str]:
    """The stems of all words. Stop words stay: question-shaped headings are found by them (measured 2026-11-23)."""
    return [stem(word) for word in words(text)]


def stems_and_grams(text: str) -> list[str]:
    """The stems, and the 5-grams of words longer than four letters: they join compounds and nynorsk forms."""
    terms: list[str] = []
    for word in words(text):
        terms.append(stem(word))
        if len(word) > 4:
            terms.extend(_grams(word))
    return terms
