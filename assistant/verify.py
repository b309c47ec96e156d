"""Is every figure, date, name and negation of a sentence in the words it cites, in the same sense?"""

import re
from collections.abc import Sequence

from assistant.language import detect_language
from assistant.types import Draft
from index.analyse import stem, words
from index.statements import plain

_NUMBER = re.compile(r"\d{1,3}(?:[\u00a0\u202f .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"[\u00a0\u202f .](?=\d{3})")
_UNIT = re.compile(
    r"\s*(%|(?:prosent|kroner|krone|kr|euro|millioner|million|milliarder|milliard|år|måneder|måned|uker|uke|virkedager"
    r"|virkedag|dager|dag|timer|time)\b)",
    re.I,
)
_KR_BEFORE = re.compile(r"\bkr\.?\s*$", re.I)
_UNIT_NAMES = {
    "%": "prosent", "kr": "kroner", "krone": "kroner", "million": "millioner", "milliard": "milliarder",
    "måned": "måneder", "uke": "uker", "dag": "dager", "virkedag": "virkedager", "time": "timer",
}  # fmt: skip
_NUMBER_WORD = re.compile(
    r"\b(?:to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|halve?|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.I,
)
_SAME_NUMBER = {
    "syv": "sju", "halv": "halve", "two": "to", "three": "tre", "four": "fire", "five": "fem", "six": "seks",
    "seven": "sju", "eight": "åtte", "nine": "ni", "ten": "ti",
}  # fmt: skip
_SECTION = re.compile(r"§§?\s*\d+(?:-\d+)?(?:\s?[a-z](?=[.,;)]|$))?")
_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b", re.I)
# What turns a sentence round: both sides must have the same.
_NEGATION = re.compile(
    r"\b(?:ikke|ikkje|ingen|inga|intet|aldri|verken|uten|utan|bare|berre|not|cannot|no|never|none|only|without)\b|n't\b",
    re.I,
)
_SAME_NEGATION = {
    "ikkje": "ikke", "not": "ikke", "cannot": "ikke", "n't": "ikke", "inga": "ingen", "intet": "ingen", "no": "ingen",
    "none": "ingen", "never": "aldri", "utan": "uten", "without": "uten", "berre": "bare", "only": "bare",
}  # fmt: skip
# What moves a limit: the sentence may not have one that the quote lacks.
_LIMIT = re.compile(r"\b(?:minst|høyst|høgst|inntil|over|under|at least|at most|up to)\b", re.I)
_SAME_LIMIT = {"høgst": "høyst", "at least": "minst", "at most": "høyst", "up to": "inntil"}
_NAME = re.compile(r"(?<=[\wæøå,;:)»] )[A-ZÆØÅ][\wæøåÆØÅ-]+|(?<=[«(])[A-ZÆØÅ][\wæøåÆØÅ-]+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\]\(")
_SHARED = 0.34  # of a Norwegian sentence's stems that must stand in its quote
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
    """Whether the quote has every figure with its unit, section, month, name, limit and negation of the sentence.

    A Norwegian sentence must also share a third of its words with the quote; an address must stand in it.
    """
    bare = MARK.sub("", sentence)
    if any(address not in quote for address in _ADDRESS.findall(bare)):
        return False
    said, stands = plain(bare), plain(quote)
    if any(facts(said) - facts(stands) for facts in (_figures, _sections, _months, _names, _limits)):
        return False
    return _negations(said) == _negations(stands) and (detect_language(said) == "en" or _shares_words(said, stands))


def _shares_words(said: str, stands: str) -> bool:
    wanted = {stem(word) for word in words(said)}
    return len(wanted & {stem(word) for word in words(stands)}) >= _SHARED * len(wanted)


def _figures(text: str) -> set[str]:
    found = set()
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        name = unit[1].lower() if unit else "kr" if _KR_BEFORE.search(text[: match.start()]) else ""
        found.add(f"{_THOUSANDS.sub('', match[0])} {_UNIT_NAMES.get(name, name)}")
    spelled = (match[0].lower() for match in _NUMBER_WORD.finditer(text))
    return found | {_SAME_NUMBER.get(word, word) for word in spelled}


def _sections(text: str) -> set[str]:
    return {re.sub(r"\s|§", "", match[0]) for match in _SECTION.finditer(text)}


def _months(text: str) -> set[str]:
    return {match[0].lower() for match in _MONTH.finditer(text)}


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _negations(text: str) -> set[str]:
    return {_SAME_NEGATION.get(word, word) for word in (match[0].lower() for match in _NEGATION.finditer(text))}


def _limits(text: str) -> set[str]:
    return {_SAME_LIMIT.get(word, word) for word in (match[0].lower() for match in _LIMIT.finditer(text))}
