"""What the card and the front matter of a document say, in the shape that lists and comparisons ask for."""

import re

from assistant.types import Draft, Passage
from index.analyse import words
from index.catalog import Catalog
from index.document import Document
from index.frontmatter import CardValue
from index.statements import plain
from index.types import Statement

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


def rolling_deadline(document: Document) -> Statement | None:
    """The value that says that applications are taken all year, where there is one."""
    values = values_of(document, "frister")
    return next((v.statement for v in values if _ROLLING.search(said(document, v.statement))), None)


def own_words(document: Document) -> str:
    """Title, keywords and short answer as lower-cased words between spaces: what the document says it is about."""
    short = " ".join(said(document, s) for s in document.ingress)
    return f" {' '.join(words(' · '.join((document.title, *document.keywords, short))))} "


def quoted(document: Document, statement: Statement, catalog: Catalog, **shape: str) -> Draft:
    """The statement as an item that quotes itself; `shape` says how it stands (`lead`, or `row` and `column`)."""
    own = (c for c in catalog.chunks if c.doc_id == document.doc_id and c.start <= statement.start < c.end)
    return Draft(said(document, statement), Passage(0, document, next(own), 0.0), statement, is_item=True, **shape)
