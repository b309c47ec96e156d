"""A source → where to read the original: the section of the law that is named, and the words to look for there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from assistant.checks.patterns import SCAN, SECTION_NUMBER
from assistant.types import SourceRef
from assistant.web import is_web_address

_LAW = re.compile(r"https://lovdata\.no/dokument/(?:NL|SF)/[\w/-]+")
_AMENDS = re.compile(r"\bendring", re.I)  # has no section with the number of the one that it changes
_NAMED = re.compile(rf"(?P<law>[\w-]*(?:lov|forskrift))(?:en|a) §\s?(?P<section>{SECTION_NUMBER})", re.I)
_ONE_SECTION = re.compile(rf"§ ?{SECTION_NUMBER}")
_MAX_WORDS = 3  # phrases to look for; a page full of marks shows nothing


@dataclass(frozen=True)
class Original:
    """The address of the original, and the section that it opens at, where it does."""

    address: str
    section: str = ""


def find_original(source: SourceRef, quotes: Sequence[str]) -> Original | None:
    """Where the source can be read; None without a plain web address.

    The guide tells things in its own words, so a sentence of it is hardly ever found in the source. What both write
    alike are dates, amounts, section numbers and names in quotation marks: the text fragment asks the browser to find
    those. One that is not there does no harm: the page opens at its top.
    """
    if not source.url or not is_web_address(source.url):
        return None
    section = _section(source, quotes)
    base = f"{source.url}/{quote(f'§{section}')}" if section else source.url
    words = list(dict.fromkeys(word for text in quotes for word in _lasting(text)))[:_MAX_WORDS]
    if not words:
        return Original(base, section)
    found = "&".join(f"text={quote(word, safe='').replace('-', '%2D')}" for word in words)
    return Original(f"{base}{'' if '#' in base else '#'}:~:{found}", section)


def _section(source: SourceRef, quotes: Sequence[str]) -> str:
    """The first section that a quote names together with the law that this source is; Lovdata has a page for each."""
    if not _LAW.fullmatch(source.url or "") or _AMENDS.search(source.title):
        return ""
    named = (found for text in quotes for found in _NAMED.finditer(text))
    is_this = (
        n["section"] for n in named if re.search(rf"[(\[]{re.escape(n['law'])}(?:en|a)[)\]]", source.title, re.I)
    )
    return next(is_this, "").replace(" ", "")


def _lasting(text: str) -> Iterator[str]:
    """What a source writes just as we do: names in quotation marks, whole dates, amounts with a unit, sections."""
    yield from re.findall(r"«([^»]+)»", text)
    for found in SCAN.finditer(text):
        is_day = bool(found["days"] and found["year"]) or bool(found["dotted"])
        is_amount = bool(found["unit"]) and found[0][0].isdigit()
        if is_day or is_amount or (found["section"] and _ONE_SECTION.fullmatch(found[0])):
            yield found[0]
