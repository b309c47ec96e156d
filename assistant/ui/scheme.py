"""A scheme as HTML: its card with the source and age of every value, now or as known for a day, and its rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from assistant.describe import describe_day, describe_span
from assistant.lookup.card import Card, Field, Rule, Section, Year, periods_of
from assistant.lookup.past import Change, PastCard, PastField
from assistant.lookup.receipt import describe_unknown, tell_version
from assistant.lookup.refer import refer
from assistant.lookup.related import Related, describe_reason
from assistant.texts import load_texts, say
from assistant.ui.addresses import bare_id, scheme_address
from assistant.ui.passage import guide_language
from assistant.ui.rules import Group, Grouper, can_refer
from assistant.ui.templates import templates
from index.types import ADVICE, Period
from index.versions import Manifest

_DOWNLOADS = {"docx": "Word", "md": "Markdown"}
_UNKNOWN = "ukjent"
_ORDER = (Change.SAME, Change.ONLY_THEN, Change.UNDATED, Change.ONLY_NOW)  # what held then comes first


@dataclass(frozen=True)
class _Field:
    """A field on the page: `note` is what is not known of it, `rules` what its receipt has."""

    id: str
    label: str
    note: str
    rules: tuple[Rule, ...]
    groups: tuple[Group, ...]
    differs: bool = False
    history: tuple[tuple[str, tuple[Rule, ...]], ...] = ()

    @property
    def can_refer(self) -> bool:
        return any(map(can_refer, self.rules))


@dataclass(frozen=True)
class _Section:
    """The rules under a heading; `title` is empty for what stands under none, `also` the ids of its further parts."""

    id: str
    also: tuple[str, ...]
    level: int
    title: str
    groups: tuple[Group, ...]


def render_card(card: Card, manifest: Manifest, language: str, today: date) -> str:
    """The card, then its rules, what belongs to it and whom to ask; in the page's language."""
    grouper = Grouper(language)
    fields = [_field(field, card, grouper) for field in card.fields]
    sections = [_section(list(parts), grouper) for _, parts in groupby(card.sections, key=lambda s: s.heading_path)]
    return _render(card, fields, sections, None, manifest, grouper, today)


def render_past(card: Card, past: PastCard, manifest: Manifest, language: str) -> str:
    """The card as it is known for a day, with what differs from now marked; the rules below it are left out."""
    grouper = Grouper(language)
    fields = [_past_field(now, then, past, grouper) for now, then in zip(card.fields, past.fields, strict=True)]
    return _render(card, fields, [], past, manifest, grouper, past.today)


def status_of(card: Card, language: str, today: date) -> tuple[str, str]:
    """Whether the scheme is open, in words, and how old that is."""
    rules = [value.rule for field in card.fields if field.name == "status" for value in field.values]
    spans = [span for rule in rules for span in periods_of(rule)]
    words = say(language, f"scheme_status_{card.status}")
    newest = max(spans, key=lambda span: (span.end or date.max, span.start or date.min), default=None)
    if newest is None or newest.end is None or newest.end >= today:
        if card.status == _UNKNOWN:  # there is no age to what is not known
            return words, say(language, "source_checked", date=describe_day(card.checked, language))
        return words, describe_span(newest or Period(undated=True), language)
    is_year = (newest.end.month, newest.end.day) == (12, 31)
    when = str(newest.end.year) if is_year else describe_day(newest.end, language)
    return words, say(language, "scheme_last_known", when=when)


def _field(field: Field, card: Card, grouper: Grouper) -> _Field:
    language = grouper.language
    rules = tuple(value.rule for value in field.values)
    note = describe_unknown(field, card.checked, language)
    history = tuple((_period(year, language), year.rules) for year in field.history)
    label = say(language, f"card_{field.name}")
    return _Field(field.chunk_id, label, note, rules, grouper.group(rules), history=history)


def _period(year: Year, language: str) -> str:
    return describe_span(Period(year.valid_from, year.valid_to), language)


def _past_field(now: Field, then: PastField, past: PastCard, grouper: Grouper) -> _Field:
    language = grouper.language
    by_change = {change: [one.value.rule for one in then.values if one.change is change] for change in _ORDER}
    held = tuple(one.value.rule for one in then.values if one.change in (Change.SAME, Change.ONLY_THEN))
    groups = tuple(group for change, rules in by_change.items() for group in grouper.group(rules, change))
    note = "" if held else say(language, "scheme_not_known_then", date=describe_day(past.day, language))
    return _Field(now.chunk_id, say(language, f"card_{now.name}"), note, held, groups, then.differs)


def _section(parts: Sequence[Section], grouper: Grouper) -> _Section:
    first, *others = parts
    title = first.heading_path[-1] if first.heading_path[1:] else ""
    rules = [rule for part in parts for rule in part.rules]
    level = max(3, len(first.heading_path) + 1)  # the title of the scheme is 1, and "the rules" 2
    return _Section(first.id, tuple(part.id for part in others), level, title, grouper.group(rules))


def _render(
    card: Card,
    fields: Sequence[_Field],
    sections: Sequence[_Section],
    past: PastCard | None,
    manifest: Manifest,
    grouper: Grouper,
    today: date,
) -> str:
    language, address = grouper.language, scheme_address(grouper.language, card.id)
    sources = (source for field in fields for rule in field.rules for source in rule.sources if source.id != ADVICE)
    return (
        templates()
        .get_template("scheme.html")
        .render(
            t=load_texts(language),
            language=language,
            guide=Markup(guide_language(language)),  # noqa: S704 - ours
            card=card,
            slug=bare_id(card.id),
            address=address,
            here=f"{address}?som-av={past.day}" if past else address,
            status=status_of(card, language, today),
            short=grouper.group(card.short),
            checked=_checked(card, language),
            phases=", ".join(say(language, f"choice_{phase}") for phase in card.phases),
            past=past,
            then=_tell_day(past, language) if past else None,
            today=today,
            fields=fields,
            sections=sections,
            related=[(one, describe_reason(one, language), list(_downloads(one))) for one in card.related],
            offices=[(one, describe_reason(one, language), []) for one in card.ask],
            version=tell_version(manifest, language, today),
            references=list(dict.fromkeys(map(refer, sources))),
        )
    )


def _tell_day(past: PastCard, language: str) -> tuple[str, str]:
    """Which day the card is shown for, and how much is known for it."""
    day = say(language, "scheme_then", date=describe_day(past.day, language))
    return day, say(language, "scheme_then_count", count=past.count)


def _checked(card: Card, language: str) -> str:
    checked = say(language, "source_checked", date=describe_day(card.checked, language))
    return f"{checked} · {say(language, 'source_next_check', date=describe_day(card.review_by, language))}"


def _downloads(related: Related) -> Iterator[tuple[str, str]]:
    if related.doc_class == "mal":
        yield from ((f"{related.doc_id}.{kind}", name) for kind, name in _DOWNLOADS.items())
