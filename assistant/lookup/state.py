"""What is searched for and narrowed to, as one record and as the query of an address with Norwegian keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from assistant.texts import say

SORTS = ("treff", "navn", "frist", "beløp")
# Key in the address → field of the state, in the order that an address has them.
KEYS = {
    "q": "text",
    "kan-søke": "forms",
    "tema": "themes",
    "forvalter": "managers",
    "sted": "places",
    "fase": "phases",
    "status": "statuses",
    "bekreftet": "confirmed",
    "minst": "least",
    "høyst": "most",
    "frist-før": "due_before",
    "gjelder": "valid_on",
    "sorter": "sort",
}
CHOICES = ("forms", "themes", "managers", "places", "phases", "statuses", "confirmed")
_AMOUNTS, _DAYS = ("least", "most"), ("due_before", "valid_on")
_MAX_KRONER = 10**12  # more is a slip of the finger


class StateError(Exception):
    """An address or a flag asks for what is not there; `tell` says what is wrong, in a language."""

    def __init__(self, text: str, **values: object) -> None:
        self.text, self.values = text, values
        super().__init__(self.tell("nb"))

    def tell(self, language: str) -> str:
        """One sentence, with what could stand there instead."""
        return say(language, self.text, **self.values)


@dataclass(frozen=True)
class State:
    """The text, the filters and the order; empty is not chosen. Any of several values of one filter will do.

    `due_before` and `valid_on` are days, `least` and `most` kroner, each but `due_before` itself included.
    """

    text: str = ""
    forms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    due_before: date | None = None
    valid_on: date | None = None
    sort: str = ""


EVERYTHING = State()


def make_state(pairs: Iterable[tuple[str, str]], choices: Mapping[str, Iterable[str]]) -> State:
    """The state of keys and values in any order; `choices` has what each filter can be, and one may come several times.

    Raises:
        StateError: an unknown key, a value that is none of the choices, a day or an amount that can't be read.
    """
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key not in KEYS:
            raise StateError("lookup_unknown_key", name=key, known=", ".join(KEYS))
        field, value = KEYS[key], value.strip()
        if not value:
            continue
        if field in CHOICES:
            chosen = (*values.get(field, ()), _choice(key, value, choices[field]))
            values[field] = tuple(dict.fromkeys(chosen))
        elif field in _AMOUNTS:
            values[field] = read_amount(key, value)
        elif field in _DAYS:
            values[field] = read_day(key, value)
        else:
            values[field] = _choice(key, value, SORTS) if field == "sort" else value
    return State(**values)


def write_state(state: State) -> str:
    """The query of the address of a state: only what is chosen; empty where nothing is."""
    pairs: list[tuple[str, object]] = []
    for key, field in KEYS.items():
        value = getattr(state, field)
        if field in CHOICES:
            pairs += [(key, one) for one in value]
        elif value not in ("", None):
            pairs.append((key, value))
    return urlencode(pairs)


def choose(state: State, field: str, value: Any) -> State:
    """The state with another value of the field."""
    changes: dict[str, Any] = {field: value}
    return replace(state, **changes)


def has_filter(state: State) -> bool:
    """Whether anything but text and order is chosen."""
    return any(getattr(state, f.name) not in ((), None) for f in fields(state) if f.name not in ("text", "sort"))


def read_day(key: str, value: str) -> date:
    """A day as 2026-12-31. Raises: StateError that names the key."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise StateError("lookup_bad_day", name=key, value=value) from None


def _choice(key: str, value: str, known: Iterable[str]) -> str:
    """The choice in its own spelling, whatever case it is asked for in."""
    by_name = {choice.casefold(): choice for choice in known}
    if value.casefold() not in by_name:
        raise StateError("lookup_unknown_value", name=key, value=value, known=", ".join(by_name.values()))
    return by_name[value.casefold()]


def read_amount(key: str, value: str) -> int:
    """Whole kroner, with or without spaces between thousands. Raises: StateError that names the key."""
    digits = "".join(value.split()).replace(".", "")  # 100 000 and 100.000
    if not (digits.isascii() and digits.isdigit() and int(digits) <= _MAX_KRONER):
        raise StateError("lookup_bad_amount", name=key, value=value)
    return int(digits)
