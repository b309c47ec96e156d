"""What is searched for and chosen, as the page shows it: filters with their counts, and chips that take one away."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from assistant.describe import describe_day
from assistant.lists.vocabulary import COUNTIES, EVERYWHERE
from assistant.lookup.facts import Facts
from assistant.lookup.search import Found
from assistant.lookup.state import CHOICES, EVERYTHING, KEYS, State, choose
from assistant.texts import say

KEY_OF = {field: key for key, field in KEYS.items()}
_OPEN = ("forms", "themes", "places", "statuses")  # filters that are unfolded before anything is chosen
_LEAD = 6  # values of a filter that stand before "show more"
_LONG = 10  # values of a filter that are all shown
_ROUND = 1000  # kroner
_NO_FILTERS = ("text", "sort")


@dataclass(frozen=True)
class Option:
    """One value of a filter; `place` is its number, the same as long as the guide is."""

    place: int
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A filter: its key in the address, its name, its values, and those that are folded away."""

    key: str
    label: str
    options: tuple[Option, ...]
    more: tuple[Option, ...]
    is_open: bool
    opens_more: bool


@dataclass(frozen=True)
class Chip:
    """Something that is chosen, and the state without it."""

    label: str
    without: State


def name_of(field: str, value: str, language: str) -> str:
    """What a value of a filter is called in the language; a name of who or where is itself."""
    prefixes = {"forms": "choice", "phases": "choice", "themes": "theme", "statuses": "lookup_status"}
    if field == "confirmed":
        return say(language, f"lookup_confirmed_{value}")
    if value == EVERYWHERE:
        return say(language, "lookup_everywhere")
    return say(language, f"{prefixes[field]}_{value.replace(' ', '_')}") if field in prefixes else value


def kroner(amount: int, language: str) -> str:
    """`100 000 kr`, `NOK 100,000`."""
    digits = f"{amount:,}"
    return say(language, "lookup_kroner", amount=digits if language == "en" else digits.replace(",", "\u00a0"))


def read_groups(found: Found, facts: Facts, language: str) -> list[Group]:
    """The filters that are chosen from lists, each value with its count."""
    groups = []
    for field in CHOICES:
        facets = [facet for facet in found.facets if facet.field == field]
        options = [
            Option(place, facet.value, name_of(field, facet.value, language), facet.count, facet.chosen)
            for place, facet in enumerate(facets)
        ]
        lead = _lead(field, facts)
        more = tuple(option for option in options if option.value not in lead)
        chosen = any(option.chosen for option in options)
        groups.append(
            Group(
                KEY_OF[field],
                say(language, f"lookup_{field}"),
                tuple(option for option in options if option.value in lead),
                more,
                field in _OPEN or chosen,
                any(option.chosen for option in more),
            )
        )
    return groups


def _lead(field: str, facts: Facts) -> set[str]:
    """The values that are not folded away: all of a few, the guide's own places, else those that most schemes have."""
    values = facts.choices[field]
    if len(values) <= _LONG:
        return set(values)
    if field == "places":
        return {EVERYWHERE, *COUNTIES}
    most = np.argsort(-facts.fits[field].sum(axis=1), kind="stable")[:_LEAD]
    return {values[place] for place in most}


def read_chips(state: State, language: str) -> Iterator[Chip]:
    """What is chosen, value by value, but for text and order."""
    for field in KEYS.values():
        value = getattr(state, field)
        if field in CHOICES:
            for one in value:
                left = tuple(other for other in value if other != one)
                yield Chip(name_of(field, one, language), choose(state, field, left))
        elif field not in _NO_FILTERS and value is not None:
            yield Chip(_tell(field, value, language), choose(state, field, None))


def _tell(field: str, value: int | date, language: str) -> str:
    if isinstance(value, date):
        return say(language, f"lookup_chip_{field}", value=describe_day(value, language))
    if field == "least" and value % _ROUND == 1:  # what "over 100 000" is read as
        return say(language, "lookup_chip_more_than", value=kroner(value - 1, language))
    return say(language, f"lookup_chip_{field}", value=kroner(value, language))


def read_understood(found: Found, rest: str, language: str) -> Iterator[Chip]:
    """The filters that were read out of the text; without one, the others are chosen and `rest` is searched for."""
    if found.understood == EVERYTHING:
        return
    names = [field.name for field in fields(State) if field.name not in _NO_FILTERS]
    understood = [name for name in names if getattr(found.understood, name) not in ((), None)]
    for chip in read_chips(found.understood, language):
        without = replace(found.state, text=rest.strip())
        for name in understood:
            without = choose(without, name, getattr(without, name) or getattr(chip.without, name))
        yield Chip(chip.label, without)
