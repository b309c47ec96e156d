"""Norwegian words → index terms: Snowball stems, and stems with character 5-grams for compounds and nynorsk."""

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[0-9a-zæøåäöéèüáàóòôêáčđŋšŧž]+")
_GRAM = 5
_LONG = 4  # letters; a longer word has 5-grams too
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
def stem_and_grams(word: str) -> tuple[str, ...]:
    """The stem of a lower-cased word, and its 5-grams when the word is longer than four letters."""
    padded = f"_{stem(word)}_" if len(word) > _LONG else ""
    return stem(word), *(f"#{padded[i : i + _GRAM]}" for i in range(len(padded) - _GRAM + 1))


def stems(text: str) -> list[str]:
    """The stems of all words. Stop words stay: question-shaped headings are found by them (measured 2026-11-23)."""
    return [stem(word) for word in words(text)]


def stems_and_grams(text: str) -> list[str]:
    """The stems, and the 5-grams of long words: they join compounds and nynorsk forms."""
    return [term for word in words(text) for term in stem_and_grams(word)]
