"""Quoted sentences → citations with their sources, period and age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.texts import say
from assistant.types import Citation, Draft, SourceRef
from assistant.verify import is_supported, quote_of
from index.document import Document
from index.registry import Source
from index.types import ADVICE, UNCONFIRMED, Mark, Period, Statement

# Only these say what holds now; a story or a template that is old is not wrong for that.
RULE_CLASSES = ("regel", "veiledning")


def cite(cited: Sequence[Draft], sources: Mapping[str, Source], language: str, today: date) -> list[Citation]:
    """One citation per quoted draft, numbered from 1."""
    return [
        _citation(number, draft, sources, language, today)
        for number, draft in enumerate(cited, 1)
        if draft.passage is not None and draft.statement is not None
    ]


def _citation(n: int, draft: Draft, sources: Mapping[str, Source], language: str, today: date) -> Citation:
    passage, statement = draft.passage, draft.statement
    if passage is None or statement is None:
        raise ValueError("a citation needs a passage and a statement")
    document, chunk = passage.document, passage.chunk
    quote = quote_of(draft)
    age = age_of(document, statement, today)
    return Citation(
        n=n,
        doc_id=document.doc_id,
        chunk_id=chunk.chunk_id,
        title=document.title,
        heading_path=chunk.heading_path,
        doc_class=document.doc_class,
        quote=quote,
        start=statement.start,
        end=statement.end,
        verified=document.text[statement.start : statement.end] == quote and is_supported(draft.text, quote),
        sources=tuple(source_ref(mark, sources, language) for mark in statement.marks if mark.source_id != UNCONFIRMED),
        valid_from=age.period.start,
        valid_to=age.period.end,
        undated=age.period.undated,
        checked=document.checked,
        stale=age.stale,
        confirmed=age.confirmed,
    )


@dataclass(frozen=True)
class Age:
    """The newest period a statement is known for, whether that or its review is past, and whether a source says it."""

    period: Period
    stale: bool
    confirmed: bool


def age_of(document: Document, statement: Statement, today: date) -> Age:
    """How old and how sure a statement of the document is."""
    newest = newest_mark(statement.marks)
    past = newest.period.end is not None and newest.period.end < today
    is_rule = newest.source_id != ADVICE and document.doc_class in RULE_CLASSES
    return Age(
        newest.period,
        stale=is_rule and (past or document.is_overdue(today)),
        confirmed=any(mark.source_id != UNCONFIRMED for mark in statement.marks),
    )


def newest_mark(marks: Sequence[Mark]) -> Mark:
    """The mark that is known longest: open ends last, undated first; a source counts before our own word."""
    sources = [mark for mark in marks if mark.source_id not in (ADVICE, UNCONFIRMED)]
    return max(
        sources or marks, key=lambda m: (not m.period.undated, m.period.end or date.max, m.period.start or date.min)
    )


def source_ref(mark: Mark, sources: Mapping[str, Source], language: str) -> SourceRef:
    """Who published what a mark points to; our own advice under its name in that language."""
    if mark.source_id == ADVICE:
        return SourceRef(ADVICE, say(language, "advice_publisher"), say(language, "advice_title"), None)
    source = sources[mark.source_id]
    return SourceRef(source.source_id, source.publisher, source.title, source.url)
