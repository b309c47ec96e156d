"""What the card and the front matter of a document say, in the shape that lists and comparisons ask for."""

import re
from datetime import date

from assistant.types import Draft, Passage
from index.analyse import words
from index.catalog import Catalog
from index.document import Document
from index.frontmatter import CardValue
from index.statements import plain
from index.types import Statement

MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_EVERY_YEAR = re.compile(
    rf"hvert (?:\w+)?år\b|\bårlig\b.*frist.*?(?=\d)|frist.*\bårlig\b.*?(?={'|'.join(MONTHS)})", re.I
)
_DAY = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(MONTHS)})\b(?! \d{{4}})", re.I)
_ROLLING = re.compile(r"løpende|hele året", re.I)


def said(document: Document, statement: Statement) -> str:
    """The statement as a reader sees it."""
    return plain(document.text[statement.start : statement.end])


def values_of(document: Document, field: str) -> list[CardValue]:
    """The values of a field of the card, in order."""
    return [value for value in document.card if value.field == field]


def state_of(document: Document) -> str:
    """`stengt`, `ukjent` or `åpen`: of several, the one that promises least; empty for a document without a card."""
    states = {value.status for value in document.card}
    return next((state for state in ("stengt", "ukjent", "åpen") if state in states), "")


def largest_amount(document: Document) -> tuple[int, Statement] | None:
    """The largest amount in kroner that the card names, and the value that names it."""
    named = [(v.kroner, v.statement) for v in values_of(document, "beløp") if v.kroner is not None]
    return max(named, key=lambda pair: pair[0], default=None)


def deadlines_of(document: Document, today: date) -> list[tuple[date, Statement]]:
    """Every dated deadline of the card, in order of date; one that returns every year stands with its next date."""
    found = []
    for value in values_of(document, "frister"):
        text = said(document, value.statement)
        day = _DAY.search(text)
        if day and _EVERY_YEAR.search(text) and (value.deadline is None or value.deadline < today):
            found.append((next_day(MONTHS.index(day[2].lower()) + 1, int(day[1]), today), value.statement))
        elif value.deadline is not None:
            found.append((value.deadline, value.statement))
    return sorted(found, key=lambda pair: pair[0])


def rolling_deadline(document: Document) -> Statement | None:
    """The value that says that applications are taken all year, where there is one."""
    values = values_of(document, "frister")
    return next((v.statement for v in values if _ROLLING.search(said(document, v.statement))), None)


def next_day(month: int, day: int, today: date) -> date:
    """The first such day that is not past; the last of the month where the month is shorter."""
    years = (today.year, today.year + 1)
    return next(d for d in (last_day(year, month, day) for year in years) if d >= today)


def last_day(year: int, month: int, day: int = 31) -> date:
    """That day, or the last one of a shorter month."""
    for candidate in range(day, 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, day)


def own_words(document: Document) -> str:
    """Title, keywords and short answer as lower-cased words between spaces: what the document says it is about."""
    short = " ".join(said(document, s) for s in document.ingress)
    return f" {' '.join(words(' · '.join((document.title, *document.keywords, short))))} "


def quoted(document: Document, statement: Statement, catalog: Catalog, **shape: str) -> Draft:
    """The statement as an item that quotes itself; `shape` says how it stands (`lead`, or `row` and `column`)."""
    own = (c for c in catalog.chunks if c.doc_id == document.doc_id and c.start <= statement.start < c.end)
    return Draft(said(document, statement), Passage(0, document, next(own), 0.0), statement, is_item=True, **shape)
