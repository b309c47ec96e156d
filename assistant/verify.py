"""Is every figure, date, name and negation of a sentence in the words it cites, in the same sense?"""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.types import Draft
from index.statements import plain

_NUMBER = re.compile(r"\d{1,3}(?:[\u00a0 .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"[\u00a0 .](?=\d{3})")
_UNIT = re.compile(
    r"\s*(prosent|%|kroner|kr\b|euro|millioner|milliarder|år\b|måneder|uker|dager|virkedager|timer)", re.I
)
_SECTION = re.compile(r"§§?\s*\d+(?:-\d+)?(?:\s?[a-z]\b)?")
_MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b", re.I)
_NEGATION = re.compile(
    r"\b(?:ikke|ikkje|ingen|inga|intet|aldri|verken|uten|utan|bare|berre|not|no|never|none|only|without)\b", re.I
)
_SAME_NEGATION = {
    "ikkje": "ikke", "not": "ikke", "inga": "ingen", "intet": "ingen", "no": "ingen", "none": "ingen", "never": "aldri",
    "utan": "uten", "without": "uten", "berre": "bare", "only": "bare",
}  # fmt: skip
_NAME = re.compile(r"(?<=[\wæøå,;:)»] )[A-ZÆØÅ][\wæøåÆØÅ-]+")
_UNIT_NAMES = {"%": "prosent", "kr": "kroner"}
MARK = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\]")


def verify(drafts: Sequence[Draft]) -> tuple[list[Draft], int]:
    """The sentences that their quotes bear out, and how many were taken out; an opening line needs a line below it."""
    kept = [draft for draft in drafts if draft.opens or is_supported(draft.text, quote_of(draft))]
    lines = [d for i, d in enumerate(kept) if not d.opens or (i + 1 < len(kept) and kept[i + 1].is_item)]
    return lines, len(drafts) - len(lines)


def quote_of(draft: Draft) -> str:
    """The words that a draft cites, exactly as they stand in the document; empty for an opening line."""
    if draft.passage is None or draft.statement is None:
        return ""
    return draft.passage.document.text[draft.statement.start : draft.statement.end]


def is_supported(sentence: str, quote: str) -> bool:
    """Whether the quote has every figure with its unit, section, month, name and negation of the sentence."""
    said, stands = plain(MARK.sub("", sentence)), plain(quote)
    return all(not (facts(said) - facts(stands)) for facts in (_figures, _sections, _months, _names)) and (
        _negations(said) == _negations(stands)
    )


def _figures(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        name = unit[1].lower() if unit else ""
        figure = _THOUSANDS.sub("", match[0])
        found[f"{figure} {_UNIT_NAMES.get(name, name)}"] += 1
    return Counter(dict.fromkeys(found, 1))


def _sections(text: str) -> Counter[str]:
    return Counter({re.sub(r"\s|§", "", match[0]) for match in _SECTION.finditer(text)})


def _months(text: str) -> Counter[str]:
    return Counter({match[0].lower() for match in _MONTH.finditer(text)})


def _names(text: str) -> Counter[str]:
    return Counter({match[0] for match in _NAME.finditer(text)})


def _negations(text: str) -> set[str]:
    return {_SAME_NEGATION.get(word, word) for word in (match[0].lower() for match in _NEGATION.finditer(text))}
