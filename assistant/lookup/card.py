"""A scheme → its whole card: values with sources and age, what is not known, rules, history, whom to ask."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.cite import age_of
from assistant.lists.cards import said, state_of
from assistant.lookup.guide import Lookup
from assistant.lookup.related import Related, find_related, whom_to_ask
from index.document import Document
from index.frontmatter import CARD_FIELDS, UNKNOWN_VALUE, CardValue
from index.statements import plain
from index.types import ADVICE, INGRESS, UNCONFIRMED, Chunk, Mark, Period, Statement, hash_text

# A sentence that says nothing more than that something is not known.
_NOT_KNOWN = re.compile(
    r"(?:Om|Hv\w+)\b[^;]*, er ikke (?:kjent|funnet)\.|[^,;]*\ber ikke (?:kjent|funnet)\.|Ingen\b[^,;]*\bkjent\b[^,;]*\."
)
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+$")
_LEADS = re.compile(r"(?m)^\s*(?:#+.*|[-*]|\d+\.)(?=\s|$)|\[\^[^\]]*\]|\|[\s:|-]*")


class Known(StrEnum):
    """How well a field is known: now, from a source without a date, only for an earlier time, or not at all."""

    NOW = "kjent"
    UNDATED = "udatert"
    BEFORE = "tidligere"
    NOT = "ikke kjent"


@dataclass(frozen=True)
class SourceLine:
    """A source behind a statement, and when the statement is known for by it; of our own advice the guide itself."""

    id: str
    publisher: str
    title: str
    url: str | None
    published: str
    retrieved: date | None
    valid_from: date | None
    valid_to: date | None
    undated: bool


@dataclass(frozen=True)
class Rule:
    """One statement, with its sources and its age.

    `id` stays the same as long as the words do. `lead` is what introduces it in the text, `is_item` a point of a list.
    `says_unknown` tells that it says no more than that something is not known.
    """

    id: str
    text: str
    sources: tuple[SourceLine, ...]
    valid_from: date | None
    valid_to: date | None
    undated: bool
    stale: bool
    confirmed: bool
    says_unknown: bool
    lead: str = ""
    is_item: bool = False


@dataclass(frozen=True)
class Value:
    """A value of the card: its rule, and what a program may filter on."""

    rule: Rule
    forms: tuple[str, ...]
    status: str | None
    kroner: int | None
    deadline: date | None


@dataclass(frozen=True)
class Year:
    """What a field was in one period, of several that the guide knows."""

    valid_from: date | None
    valid_to: date | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Field:
    """A field of the card; `known_until` is the last day that anything is known for, where that is past."""

    name: str
    label: str
    chunk_id: str
    known: Known
    known_until: date | None
    values: tuple[Value, ...]
    history: tuple[Year, ...]


@dataclass(frozen=True)
class Section:
    """The rules under one heading, or a part of them; `id` is the chunk that an answer cites."""

    id: str
    heading_path: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Card:
    """A scheme, whole."""

    id: str
    title: str
    short: tuple[Rule, ...]
    status: str
    places: tuple[str, ...]
    phases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    checked: date
    review_by: date
    review_passed: bool
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    related: tuple[Related, ...]
    ask: tuple[Related, ...]

    def rules(self) -> Iterable[Rule]:
        """Every rule of the card, in order."""
        yield from self.short
        yield from (value.rule for field in self.fields for value in field.values)
        yield from (rule for section in self.sections for rule in section.rules)


def read_card(lookup: Lookup, doc_id: str, today: date) -> Card | None:
    """The card of a scheme; None where no scheme has the id, which may come without its folder."""
    document = lookup.documents.get(doc_id) or lookup.documents.get(f"ordninger/{doc_id}")
    if document is None or not document.card:
        return None
    read = _Reader(lookup, document, today)
    chunks = lookup.chunks_of[document.doc_id]
    return Card(
        id=document.doc_id,
        title=document.title,
        short=tuple(map(read.rule, document.ingress)),
        status=state_of(document),
        places=document.places,
        phases=document.phases,
        valid_from=document.period.start,
        valid_to=document.period.end,
        checked=document.checked,
        review_by=document.review_by,
        review_passed=document.is_overdue(today),
        fields=tuple(read.field(chunk, CARD_FIELDS[chunk.section]) for chunk in chunks if chunk.section in CARD_FIELDS),
        sections=tuple(read.section(chunk) for chunk in chunks if chunk.section not in (INGRESS, *CARD_FIELDS)),
        related=tuple(find_related(lookup, document)),
        ask=tuple(whom_to_ask(lookup, document)),
    )


@dataclass(frozen=True)
class _Reader:
    lookup: Lookup
    document: Document
    today: date

    def field(self, chunk: Chunk, label: str) -> Field:
        values = [self.value(value) for value in self.document.card if value.field == chunk.section]
        known, until = judge(values, self.today)
        rules = [value.rule for value in values]
        return Field(chunk.section, label, chunk.chunk_id, known, until, tuple(values), tuple(_history(rules)))

    def value(self, value: CardValue) -> Value:
        return Value(self.rule(value.statement), value.forms, value.status, value.kroner, value.deadline)

    def section(self, chunk: Chunk) -> Section:
        rules = []
        cursor = chunk.start
        for statement in chunk.statements:
            before = self.document.text[cursor : statement.start]
            lead = plain(_LEADS.sub("", before))
            rules.append(self.rule(statement, lead, _ITEM.search(before) is not None))
            cursor = statement.end
        return Section(chunk.chunk_id, chunk.heading_path, tuple(rules))

    def rule(self, statement: Statement, lead: str = "", is_item: bool = False) -> Rule:
        return replace(read_rule(self.lookup, self.document, statement, self.today), lead=lead, is_item=is_item)


def read_rule(lookup: Lookup, document: Document, statement: Statement, today: date) -> Rule:
    """One statement of a document with its sources and its age."""
    text, age = said(document, statement), age_of(document, statement, today)
    return Rule(
        id=hash_text(f"{document.doc_id}\n{text}"),
        text=text,
        sources=tuple(_source(lookup, mark) for mark in statement.marks if mark.source_id != UNCONFIRMED),
        valid_from=age.period.start,
        valid_to=age.period.end,
        undated=age.period.undated,
        stale=age.stale,
        confirmed=age.confirmed,
        says_unknown=text == UNKNOWN_VALUE or _NOT_KNOWN.fullmatch(text) is not None,
    )


def _source(lookup: Lookup, mark: Mark) -> SourceLine:
    period = (mark.period.start, mark.period.end, mark.period.undated)
    if mark.source_id == ADVICE:
        return SourceLine(ADVICE, "", "", None, "", None, *period)
    source = lookup.catalog.sources[mark.source_id]
    return SourceLine(
        source.source_id, source.publisher, source.title, source.url, source.published, source.retrieved, *period
    )


def periods_of(rule: Rule) -> list[Period]:
    """The dated periods that a rule is known for, one for each source that has one."""
    spans = (Period(s.valid_from, s.valid_to, s.undated) for s in rule.sources)
    return [span for span in spans if not span.undated and (span.start or span.end)]


def judge(values: Sequence[Value], today: date) -> tuple[Known, date | None]:
    """How well the values of a field are known, and until when where that is past."""
    telling = [v.rule for v in values if not v.rule.says_unknown and v.status != "ukjent"]
    spans = [span for rule in telling for span in periods_of(rule)]
    if any(span.end is None or span.end >= today for span in spans):
        return Known.NOW, None
    if any(not periods_of(rule) for rule in telling):
        return Known.UNDATED, None
    if spans:
        return Known.BEFORE, max(span.end for span in spans if span.end)
    return Known.NOT, None


def _history(rules: Sequence[Rule]) -> list[Year]:
    """The rules by the period that each is known for, the newest first; empty where all periods have the same."""
    by_period: dict[tuple[date | None, date | None], list[Rule]] = {}
    for rule in rules:
        for span in periods_of(rule):
            if not rule.says_unknown:
                by_period.setdefault((span.start, span.end), []).append(rule)
    if len({tuple(rule.id for rule in rules) for rules in by_period.values()}) < 2:
        return []
    newest = sorted(by_period, key=lambda span: (span[1] or date.max, span[0] or date.min), reverse=True)
    return [Year(start, end, tuple(dict.fromkeys(by_period[start, end]))) for start, end in newest]
