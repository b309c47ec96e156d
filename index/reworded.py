"""Two wordings of one thing: which text became which, and whether figures, conditions or only words are other."""

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from index.change import Kind
from index.deadlines import MONTHS

_NUMBERS = "én|ett|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv"
_UNITS = "kroner|prosent|euro|dager?|døgn|uker?|måneder|måned|år|timer|ganger|personer"
_NUMBER = r"\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)*"
_FIGURE = re.compile(
    rf"§§? ?\d+(?:-\d+)?|\b\d{{1,2}}\. (?:{'|'.join(MONTHS)})(?: \d{{4}})?|\b\d{{4}}-\d\d-\d\d\b"
    rf"|\b(?:{_NUMBER})(?:\s(?:millioner|milliarder|mill\.))?(?:\s(?:{_UNITS})\b| ?%)?"
    rf"|\b(?:{_NUMBERS}) (?:{_UNITS})\b",
    re.I,
)
# Words that decide who may, what must and what not; a sentence that gains or loses one says something else.
_CONDITION = re.compile(
    r"\b(?:må|skal|kan|bør|lyt|ikke|ikkje|ingen|aldri|bare|berre|kun|alle|begge|enten|minst|høyst|inntil|senest|seinast"
    r"|tidligst|over|under|kreves?|krev|unntatt|uten|utan|dersom|hvis|når|verken|også|åpen|stengt|\w*former?)\b",
    re.I,
)
_ALIKE = 60  # `fuzz.ratio` of 100 from which one sentence is the other reworded; unrelated ones have 30 to 50


def figures_of(text: str) -> list[str]:
    """The amounts, dates, shares, spans and section numbers, in order, each with its unit."""
    return _FIGURE.findall(text)


def changed_figures(before: str, after: str) -> list[tuple[str, str]]:
    """The figures that are other, where nothing else is; empty where words are other too."""
    if _FIGURE.sub("#", before) != _FIGURE.sub("#", after):
        return []
    return [(old, new) for old, new in zip(figures_of(before), figures_of(after), strict=True) if old != new]


def weigh(before: str, after: str) -> Kind:
    """What is other between two wordings; an empty one is a text that came or went."""
    for kind, pattern in ((Kind.FIGURE, _FIGURE), (Kind.CONDITION, _CONDITION)):
        old, new = (Counter(match.lower() for match in pattern.findall(text)) for text in (before, after))
        if old != new:
            return kind
    return Kind.WORDING


def pair_texts(before: Sequence[str], after: Sequence[str], least: float = _ALIKE) -> list[tuple[int, int]]:
    """Places of what became what, the most alike first; each is in one pair at most, and none is less alike."""
    alike = [(fuzz.ratio(old, new), i, j) for i, old in enumerate(before) for j, new in enumerate(after)]
    pairs: list[tuple[int, int]] = []
    for score, i, j in sorted(alike, key=lambda row: (-row[0], row[1], row[2])):
        if score >= least and all(i != left and j != right for left, right in pairs):
            pairs.append((i, j))
    return pairs
