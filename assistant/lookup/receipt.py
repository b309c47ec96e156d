"""What was looked up, as text for the case file: rules with source, period and check, and the sources as references."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.describe import describe_day, describe_span
from assistant.lists.cards import MONTHS
from assistant.lookup.card import Card, Field, Known, Rule, SourceLine
from assistant.lookup.state import StateError
from assistant.texts import say
from index.types import ADVICE, Period
from index.versions import Manifest

_LAW = re.compile(r"(?P<kind>lov|forskrift)-(?P<code>(?P<year>\d{4})-\d{2}-\d{2}(?:-\d+)?)")
_CODES = {"lov": "LOV", "forskrift": "FOR"}
_SHORT_TITLE = re.compile(r"(?P<full>.+?)\s*\((?P<short>[^()]+)\)")
_LAWS = "Lovdata"
# When a source was published, in the forms that give a year for certain; anything else is no date.
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ABOUT = re.compile(r"ca\. ((?:19|20)\d{2})")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})")
_MONTH = re.compile(rf"({'|'.join(MONTHS)}) ((?:19|20)\d{{2}})")


@dataclass(frozen=True)
class Receipt:
    """The text for the case file, and the references alone."""

    text: str
    references: tuple[str, ...]


def write_receipt(
    card: Card, manifest: Manifest, language: str, today: date, rule_ids: Collection[str] = ()
) -> Receipt:
    """The card, or the named rules of it, as text, with the day and the versions below.

    Raises:
        StateError: a rule that is not on the card.
    """
    if unknown := sorted(set(rule_ids) - {rule.id for rule in card.rules()}):
        raise StateError("lookup_no_rule", id=unknown[0])
    told = [rule for rule in card.rules() if rule.id in rule_ids]
    body = _tell_rules(told, language) if told else _tell_card(card, language)
    told = told or [value.rule for field in card.fields for value in field.values]
    references = tuple(dict.fromkeys(refer(s) for rule in told for s in rule.sources if s.id != ADVICE))
    lines = [
        card.title,
        *body,
        "",
        say(language, "receipt_checked", date=card.checked, review=card.review_by),
        tell_version(manifest, language, today),
    ]
    if references:
        lines += ["", say(language, "receipt_references"), *references]
    return Receipt("\n".join(lines), references)


def tell_version(manifest: Manifest, language: str, today: date) -> str:
    """When it was looked up, and in which version of the guide."""
    return say(language, "receipt_made", date=today, corpus=manifest.corpus, index=manifest.version)


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


def describe_unknown(field: Field, checked: date, language: str) -> str:
    """That nothing of the field is known, or nothing after a day, and when that was last looked into; else empty."""
    if field.known is Known.NOT:
        return say(language, "lookup_not_known", date=checked)
    if field.known is Known.BEFORE:
        return say(language, "lookup_not_known_after", until=field.known_until, date=checked)
    return ""


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


def _tell_card(card: Card, language: str) -> Iterator[str]:
    for field in card.fields:
        yield f"\n{field.label}"
        if unknown := describe_unknown(field, card.checked, language):
            yield unknown
        yield from _tell_rules((v.rule for v in field.values if field.known is not Known.NOT), language)


def _tell_rules(rules: Iterable[Rule], language: str) -> Iterator[str]:
    return (line for rule in rules for line in tell_rule(rule, language))


def tell_rule(rule: Rule, language: str) -> Iterator[str]:
    """The rule in its own words, then a line for each source, and for what is doubtful about it."""
    yield f"«{rule.text}»"
    if not rule.confirmed:
        yield f"  {say(language, 'source_unconfirmed')}."
    for source in rule.sources:
        yield f"  {_tell_source(source, language)}"
    if rule.stale:
        yield f"  {say(language, 'source_stale')}."


def _tell_source(source: SourceLine, language: str) -> str:
    if source.id == ADVICE:
        return say(language, "receipt_advice")
    period = describe_span(Period(source.valid_from, source.valid_to, source.undated), language)
    parts = [
        say(language, "receipt_source", publisher=source.publisher, title=source.title),
        source.url or "",
        say(language, "receipt_published", published=source.published, date=source.retrieved),
        f"{period}." if period else "",
    ]
    return " ".join(part for part in parts if part)
