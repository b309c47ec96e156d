"""A card as of a date: the values that were known to hold then, and what differs from now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.lookup.card import Card, Field, Value, periods_of
from assistant.lookup.facts import holds_on
from assistant.texts import say


class Change(StrEnum):
    """How a value that held then, or holds now, stands on the other day."""

    SAME = "begge"
    ONLY_THEN = "bare da"
    ONLY_NOW = "bare nå"
    UNDATED = "udatert"


@dataclass(frozen=True)
class PastValue:
    """A value of the card, and on which of the two days it is known to hold; undated values may hold on any."""

    value: Value
    change: Change


@dataclass(frozen=True)
class PastField:
    """A field then and now; `differs` where what is known to hold is not the same."""

    name: str
    label: str
    values: tuple[PastValue, ...]
    differs: bool


@dataclass(frozen=True)
class PastCard:
    """A card on a day, beside today; `count` is how many values are known to have held then."""

    id: str
    title: str
    day: date
    today: date
    count: int
    fields: tuple[PastField, ...]


def as_of(card: Card, day: date, today: date) -> PastCard:
    """What is known to have held on the day, by the periods of each value's sources; the rest of the card is left out.

    A value that says only that something is not known holds on no day.
    """
    fields = tuple(_field(field, day, today) for field in card.fields)
    held = (v.change in (Change.SAME, Change.ONLY_THEN) for field in fields for v in field.values)
    return PastCard(card.id, card.title, day, today, sum(held), fields)


def describe_change(change: Change, language: str) -> str:
    """On which of the two days it is known to hold, in words."""
    return say(language, f"scheme_change_{change.replace(' ', '_')}")


def held_on(value: Value, day: date) -> bool:
    """Whether a source says that the value held on the day."""
    return any(holds_on(span, day) for span in periods_of(value.rule))


def _field(field: Field, day: date, today: date) -> PastField:
    values = tuple(_changes(field, day, today))
    differs = any(past.change in (Change.ONLY_THEN, Change.ONLY_NOW) for past in values)
    return PastField(field.name, field.label, values, differs)


def _changes(field: Field, day: date, today: date) -> Iterator[PastValue]:
    for value in field.values:
        if value.rule.says_unknown:
            continue
        then, now = held_on(value, day), held_on(value, today)
        if then or now:
            yield PastValue(value, Change.SAME if then and now else Change.ONLY_THEN if then else Change.ONLY_NOW)
        elif not periods_of(value.rule):
            yield PastValue(value, Change.UNDATED)
