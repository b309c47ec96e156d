"""What was looked up, for the case file: rules with source, period and check, and the sources as references."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.describe import describe_day, describe_span
from assistant.export.blocks import BREAK, Block, Heading, Paragraph, Span, Spans, join_lines
from assistant.export.html import write_html
from assistant.export.plain import write_plain
from assistant.language import GUIDE
from assistant.lookup.card import Card, Field, Known, Rule, SourceLine
from assistant.lookup.past import held_on
from assistant.lookup.refer import refer
from assistant.lookup.state import StateError
from assistant.texts import say
from assistant.web import is_web_address
from index.frontmatter import UNKNOWN_VALUE
from index.types import ADVICE, Period
from index.versions import Manifest


@dataclass(frozen=True)
class CaseReceipt:
    """The text for the case file, the same as HTML, and the references alone."""

    text: str
    html: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """Rules under one label of the card; `note` is what is not known of it."""

    label: str
    note: str
    rules: tuple[Rule, ...]


def write_receipt(
    card: Card,
    manifest: Manifest,
    language: str,
    today: date,
    rule_ids: Collection[str] = (),
    day: date | None = None,
) -> CaseReceipt:
    """The card, the named rules of it, or what was known to hold on a day, with the day and the versions below.

    Raises:
        StateError: a rule that is not on the card.
    """
    if unknown := sorted(set(rule_ids) - {rule.id for rule in card.rules()}):
        raise StateError("lookup_no_rule", id=unknown[0])
    if rule_ids:
        parts = list(_chosen(card, rule_ids, language))
    elif day:
        parts = list(_held(card, day, language))
    else:
        parts = [_part(field, tuple(value.rule for value in field.values), card, language) for field in card.fields]
    sources = (source for part in parts for rule in part.rules for source in rule.sources if source.id != ADVICE)
    references = tuple(dict.fromkeys(map(refer, sources)))
    blocks = _compose(card, parts, references, tell_version(manifest, language, today), language, day)
    return CaseReceipt(write_plain(blocks), write_html(blocks, language), references)


def tell_version(manifest: Manifest, language: str, today: date) -> str:
    """When it was looked up, and in which version of the guide."""
    day = describe_day(today, language)
    return say(language, "receipt_made", date=day, corpus=manifest.corpus, index=manifest.version)


def describe_unknown(field: Field, checked: date, language: str) -> str:
    """That nothing of the field is known, or nothing after a day, and when that was last looked into; else empty."""
    looked = describe_day(checked, language)
    if field.known is Known.NOT:
        return say(language, "lookup_not_known", date=looked)
    if field.known is Known.BEFORE and field.known_until:
        return say(language, "lookup_not_known_after", until=describe_day(field.known_until, language), date=looked)
    return ""


def _chosen(card: Card, rule_ids: Collection[str], language: str) -> Iterator[_Part]:
    """The named rules, each under the field or the headings that it stands under."""
    if short := tuple(rule for rule in card.short if rule.id in rule_ids):
        yield _Part(say(language, "compare_short"), "", short)
    for field in card.fields:
        if rules := tuple(value.rule for value in field.values if value.rule.id in rule_ids):
            yield _part(field, rules, card, language)
    for path, sections in groupby(card.sections, key=lambda section: section.heading_path):
        if rules := tuple(rule for section in sections for rule in section.rules if rule.id in rule_ids):
            yield _Part(" › ".join(path[1:]) or card.title, "", rules)


def _held(card: Card, day: date, language: str) -> Iterator[_Part]:
    """The values that were known to hold on the day; a field without any says so."""
    for field in card.fields:
        rules = tuple(v.rule for v in field.values if held_on(v, day) and not v.rule.says_unknown)
        note = "" if rules else say(language, "scheme_not_known_then", date=describe_day(day, language))
        yield _Part(say(language, f"card_{field.name}"), note, rules)


def _part(field: Field, rules: tuple[Rule, ...], card: Card, language: str) -> _Part:
    return _Part(say(language, f"card_{field.name}"), describe_unknown(field, card.checked, language), rules)


def _compose(
    card: Card, parts: Iterable[_Part], references: Iterable[str], version: str, language: str, day: date | None
) -> list[Block]:
    blocks: list[Block] = [Heading(3, (Span(card.title, language=GUIDE),))]
    if day:
        blocks.append(Paragraph((Span(say(language, "scheme_then", date=describe_day(day, language))),)))
    for part in parts:
        lines: list[Spans] = [(Span(part.label, is_bold=True),)]
        lines += [(Span(part.note),)] if part.note else []
        lines += [line for rule in part.rules for line in _lines(rule, language)]
        blocks.append(Paragraph(join_lines(lines)))
    checked, review = (describe_day(one, language) for one in (card.checked, card.review_by))
    told = say(language, "receipt_checked", date=checked, review=review)
    blocks.append(Paragraph((Span(told), BREAK, Span(version))))
    if named := list(references):
        heading = (Span(say(language, "receipt_references"), is_bold=True),)
        blocks.append(Paragraph(join_lines([heading, *((Span(one, language=GUIDE),) for one in named)])))
    return blocks


def tell_rule(rule: Rule, language: str) -> Iterator[str]:
    """The rule in its own words, then a line for each source, and for what is doubtful about it."""
    return ("".join(span.text for span in line) for line in _lines(rule, language))


def _lines(rule: Rule, language: str) -> Iterator[Spans]:
    is_told = rule.text != UNKNOWN_VALUE  # the note of its field says more
    if is_told:
        yield (Span(f"«{rule.text}»", language=GUIDE),)
    if is_told and not rule.confirmed:
        yield (Span(f"{say(language, 'source_unconfirmed')}.", is_bold=True),)
    for source in rule.sources:
        yield _tell_source(source, language)
    if rule.stale:
        yield (Span(f"{say(language, 'source_stale')}.", is_bold=True),)


def _tell_source(source: SourceLine, language: str) -> Spans:
    if source.id == ADVICE:
        return (Span(say(language, "receipt_advice")),)
    period = describe_span(Period(source.valid_from, source.valid_to, source.undated), language)
    retrieved = describe_day(source.retrieved, language) if source.retrieved else ""
    named = Span(say(language, "receipt_source", publisher=source.publisher, title=source.title))
    address = (Span(" "), Span(source.url, href=source.url if is_web_address(source.url) else "")) if source.url else ()
    published = say(language, "receipt_published", published=source.published, date=retrieved)
    return (named, *address, Span(f" {published}{f' {period}.' if period else ''}"))
