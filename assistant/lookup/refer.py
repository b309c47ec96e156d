"""A source → its reference in Norwegian APA 7, with no year that is not certain."""

import re

from assistant.describe import describe_day
from assistant.lookup.card import SourceLine
from index.deadlines import MONTHS

_LAW = re.compile(r"(?P<kind>lov|forskrift)-(?P<code>(?P<year>\d{4})-\d{2}-\d{2}(?:-\d+)?)")
_CODES = {"lov": "LOV", "forskrift": "FOR"}
_SHORT_TITLE = re.compile(r"(?P<full>.*\S)\s*\((?P<short>[^()]+)\)")
_LAWS = "Lovdata"
# When a source was published, in the forms that give a year for certain; anything else is no date.
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ABOUT = re.compile(r"ca\. ((?:19|20)\d{2})")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})")
_MONTH = re.compile(rf"({'|'.join(MONTHS)}) ((?:19|20)\d{{2}})")


def refer(source: SourceLine) -> str:
    """The source as a reference in Norwegian APA 7; a year that is not certain is `u.å.`, never guessed.

    Source: kildekompasset.no, "Nettside" and "Lovtekster" (read 2026-11-29).
    """
    law = _LAW.fullmatch(source.id)
    if law and source.publisher == _LAWS:
        named = _SHORT_TITLE.fullmatch(source.title)
        short, full = (named["short"], named["full"]) if named else (source.title, source.title)
        name = f"{short[0].upper()}{short[1:]}. ({law['year']}). {full} ({_CODES[law['kind']]}-{law['code']}). {_LAWS}."
        return f"{name} {source.url}" if source.url else name
    when = _when(source.published.removeprefix("oppdatert "))
    head = f"{source.publisher.rstrip('.')}. ({when or 'u.å.'}). {source.title.rstrip('.')}."
    if source.url is None:
        return head
    if when or source.retrieved is None:
        return f"{head} {source.url}"
    return f"{head} Hentet {describe_day(source.retrieved, 'nb')} fra {source.url}"


def _when(published: str) -> str:
    """The year, with the day or month where they are told, as a reference has it; empty where no date is certain."""
    if _YEAR.fullmatch(published):
        return published
    if about := _ABOUT.fullmatch(published):
        return f"ca. {about[1]}"
    if month := _MONTH.fullmatch(published):
        return f"{month[2]}, {month[1]}"
    if (day := _DAY.fullmatch(published)) and 1 <= int(day[2]) <= len(MONTHS):
        return f"{day[3]}, {int(day[1])}. {MONTHS[int(day[2]) - 1]}"
    return ""
