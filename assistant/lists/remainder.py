"""A question as words, from which each part that is understood is taken out: what is left was not understood."""

import re
from functools import cache, lru_cache

from assistant.lists.vocabulary import COUNTIES, FILLERS, SPELLED
from index.analyse import stem, words
from index.spell import Speller

GAP = "¤"  # stands where something was taken out, so that what stood around it does not become a phrase
_MIN_STEM = 6  # letters; a shorter word is one letter from many others: "vinter" from "Vinje"
_THOUSANDS = re.compile(r"(?<=\d)[ .,\u00a0\u202f](?=\d{3}\b)")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\d+(?:,\d+)?|[^\W\d_]+")


class Rest:
    """The words of a question that are not understood yet; `text` has them in lower case, a space between."""

    def __init__(self, text: str, language: str) -> None:
        if language == "en":  # there "as" is an ordinary word, and only "AS" a form of organisation
            text = re.sub(r"\bas\b", "for", text)
        self.text = " ".join(_WORD.findall(respell(_THOUSANDS.sub("", text.lower()))))

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first match of the pattern as whole words, which are then gone."""
        found = re.search(rf"\b(?:{pattern})\b", self.text)
        if found:
            self.text = f"{self.text[: found.start()]}{GAP}{self.text[found.end() :]}"
        return found

    def add(self, text: str) -> None:
        """Words to be understood too, as if they stood at the end of the question."""
        self.text = f"{self.text} {GAP} {text}"

    def left(self) -> list[str]:
        """The words that are neither taken nor fillers, in order."""
        return [word for word in self.text.split() if word != GAP and GAP not in word and word not in FILLERS]


@cache
def _spelling() -> tuple[Speller, dict[str, str]]:
    known = [
        *SPELLED.split(),
        *words(" ".join((*COUNTIES, *(place for places in COUNTIES.values() for place in places)))),
    ]
    by_stem = {stem(word): word for word in known if len(stem(word)) >= _MIN_STEM}
    return Speller(by_stem), by_stem


def respell(text: str) -> str:
    """The text with misspelled names of forms, places and kinds of lists set right."""
    return _LETTERS.sub(lambda word: _set_right(word[0]), text)


@lru_cache(maxsize=10_000)
def _set_right(word: str) -> str:
    speller, by_stem = _spelling()
    meant = speller.correct(word)
    # Two letters too many are rather another word: "kommunale" is not "kommune".
    is_other = meant == word or abs(len(stem(word.lower())) - len(meant)) > 1
    return word if is_other else by_stem[meant]
