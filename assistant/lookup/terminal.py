"""What was looked up → lines for a terminal, in Norwegian."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote_plus

from assistant.describe import describe_span
from assistant.lookup.card import Card, Rule
from assistant.lookup.compare import Comparison
from assistant.lookup.deadlines import Deadline
from assistant.lookup.past import PastCard, describe_change
from assistant.lookup.receipt import describe_unknown
from assistant.lookup.related import describe_reason
from assistant.lookup.search import Found
from assistant.lookup.state import write_state
from assistant.texts import say
from index.types import ADVICE, Period

_MAX_TITLE = 62


def tell_list(found: Found, total: int) -> list[str]:
    """A table of the schemes, how many they are, and what they were narrowed to without being asked."""
    lines = []
    for row in found.rows:
        amount = f"{row.amount:,}".replace(",", " ") if row.amount is not None else "–"
        deadline = f"{row.deadline}{' (sist kjente)' if row.is_past else ''}" if row.deadline else "–"
        lines += [f"{_cut(row.title)}  {row.status:<6}  {amount:>10}  {deadline}".rstrip(), f"  {row.id}"]
    lines.append(f"{say('nb', 'lookup_count', count=found.count, total=total)}.")
    if understood := unquote_plus(write_state(found.understood)):
        lines.append(f"{say('nb', 'lookup_understood')}: {understood.replace('&', ', ')}.")
    if found.num_no_amount:
        lines.append(say("nb", "lookup_no_amount", count=found.num_no_amount))
    if found.num_no_deadline:
        lines.append(say("nb", "lookup_no_deadline", count=found.num_no_deadline))
    return lines


def tell_card(card: Card) -> list[str]:
    """The card with its sources and its age, its headings, and what belongs to it."""
    lines = [f"{card.title} ({card.id})", *(rule.text for rule in card.short)]
    for field in card.fields:
        lines += ["", field.label]
        if unknown := describe_unknown(field, card.checked, "nb"):
            lines.append(f"  {unknown}")
        for value in field.values:
            lines += _tell_rule(value.rule)
    headings = dict.fromkeys(section.heading_path[-1] for section in card.sections)
    lines += ["", "Regler under kortet", *(f"- {heading}" for heading in headings)]
    for label, related in (("Hører til", card.related), ("Hvem du kan spørre", card.ask)):
        rows = [f"- {one.title} ({describe_reason(one, 'nb')}): {one.doc_id}" for one in related]
        lines += ["", label, *rows] if rows else []
    return [*lines, "", f"Sist kontrollert {card.checked}, kontrolleres igjen {card.review_by}."]


def tell_past(past: PastCard) -> list[str]:
    """What held on the day, and how it stands now."""
    lines = [f"{past.title} per {past.day}, sammenlignet med {past.today}"]
    for field in past.fields:
        if field.values:
            lines += ["", f"{field.label}{' (annerledes nå)' if field.differs else ''}"]
        for one in field.values:
            lines += [f"  [{describe_change(one.change, 'nb')}]", *_tell_rule(one.value.rule)]
    return [*lines, "", f"{past.count} opplysninger er kjent for {past.day}."]


def tell_comparison(compared: Comparison) -> list[str]:
    """Field by field, what each scheme says; `≠` where they differ."""
    names = dict(zip(compared.ids, compared.titles, strict=True))
    lines = ["Kan de kombineres?"]
    for pair in compared.pairs:
        lines.append(f"- {names[pair.first]} + {names[pair.second]}")
        lines += [f"    {rule.text}" for rule in pair.rules] or [f"    {say('nb', 'compare_combine_unknown')}"]
    for line in compared.lines:
        lines += ["", f"{'≠' if line.differs else '='} {line.label}"]
        for title, cell in zip(compared.titles, line.cells, strict=True):
            lines += [f"  {title}", *(f"    {value.rule.text}" for value in cell.values)]
    return lines


def tell_deadlines(deadlines: Sequence[Deadline]) -> list[str]:
    """Those to come by date, then those known only for an earlier year."""
    coming = [one for one in deadlines if not one.is_earlier]
    earlier = [one for one in deadlines if one.is_earlier]
    lines = [f"{len(coming)} frister framover:"]
    lines += [f"{one.day}  {one.title}\n            {one.rule.text}" for one in coming]
    if earlier:
        lines += ["", f"{len(earlier)} er bare kjent for et tidligere år. Datoen for neste gang er ikke kjent:"]
        lines += [f"({one.day})  {one.title}\n              {one.rule.text}" for one in earlier]
    return lines


def _tell_rule(rule: Rule) -> Iterator[str]:
    yield f"  {rule.text}"
    for source in rule.sources:
        origin = f"{source.publisher}: {source.title}" if source.id != ADVICE else "Guidens eget råd"
        span = describe_span(Period(source.valid_from, source.valid_to, source.undated), "nb")
        yield f"    {origin}{f'. {span}' if span else ''}"
    if rule.stale:
        yield "    Kan være utdatert"
    if not rule.confirmed:
        yield "    Ikke bekreftet av noen kilde"


def _cut(title: str) -> str:
    return f"{title if len(title) <= _MAX_TITLE else title[: _MAX_TITLE - 1] + '…':<{_MAX_TITLE}}"
