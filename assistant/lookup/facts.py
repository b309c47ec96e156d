"""The schemes of a guide as rows of facts that filters look at, prepared once, and the counts of each filter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.lists.cards import largest_amount, own_words, state_of, values_of
from assistant.lists.managers import managers_among
from assistant.lists.schemes import holds_in, is_on_theme, known_places
from assistant.lists.vocabulary import ABROAD, EVERYWHERE, THEMES
from assistant.lists.window import Window
from assistant.lookup.state import CHOICES, State
from assistant.warn import bare_title
from index.analyse import words
from index.catalog import Catalog
from index.deadlines import deadlines_of
from index.document import Document
from index.frontmatter import FORMS, PHASES, STATUSES, UNKNOWN_VALUE
from index.types import UNCONFIRMED, Period

Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]
NAV = "Nav"  # runs more schemes than any actor of the guide, and is none of them
CONFIRMED, NOT_CONFIRMED = "ja", "nei"
NEVER = date.max.toordinal()  # the ordinal of a day that does not come
_OPENNESS = ("åpen", "ukjent", "stengt")


@dataclass(frozen=True, eq=False)  # the same only when it is the one made: arrays have no equality
class Facts:
    """What filters look at, a column per scheme, in order of title.

    `choices` has the values of each filter that is chosen from a list, `fits` for each of them `(values, schemes)`
    booleans. `amounts` are the largest in kroner, -1 where none is known. `spans` are owner, first and last day of
    every dated value of a card. `openness` is 0 for an open scheme, 1 where that is not known, 2 for a closed one.
    """

    schemes: tuple[Document, ...]
    choices: dict[str, tuple[str, ...]]
    fits: dict[str, Mask]
    amounts: Days
    openness: Days
    spans: tuple[Days, Days, Days]


@dataclass(frozen=True)
class Facet:
    """One value of a filter, and how many schemes there are with it when all other filters stay as they are."""

    field: str
    value: str
    count: int
    chosen: bool


def read_facts(catalog: Catalog) -> Facts:
    """The facts of every scheme of the guide."""
    schemes = tuple(sorted((d for d in catalog.documents if d.card), key=lambda d: (d.title, d.doc_id)))
    names = {" ".join(words(name)): name for name in manager_names(catalog)}
    managed = [{names[name] for name in managers_among(names, document)} for document in schemes]
    own = [own_words(document) for document in schemes]
    places = (EVERYWHERE, *sorted({*known_places(catalog)} - {*ABROAD}))  # "the whole country" is Norway
    has: dict[str, tuple[Iterable[str], Callable[[str, int], bool]]] = {
        "forms": (FORMS, lambda form, i: any(form in v.forms for v in values_of(schemes[i], "hvem_kan_søke"))),
        "themes": (THEMES, lambda theme, i: is_on_theme(theme, own[i])),
        "managers": (sorted({name for some in managed for name in some}), lambda name, i: name in managed[i]),
        "places": (places, lambda place, i: holds_in(schemes[i], place)),
        "phases": (PHASES, lambda phase, i: phase in schemes[i].phases),
        "statuses": (STATUSES, lambda status, i: state_of(schemes[i]) == status),
        "confirmed": ((CONFIRMED, NOT_CONFIRMED), lambda yes, i: is_confirmed(schemes[i]) == (yes == CONFIRMED)),
    }
    choices = {field: tuple(has[field][0]) for field in CHOICES}
    fits = {
        field: np.array(
            [[has[field][1](value, i) for i in range(len(schemes))] for value in choices[field]], np.bool_
        ).reshape(len(choices[field]), len(schemes))
        for field in CHOICES
    }
    amounts = np.array([amount[0] if (amount := largest_amount(d)) else -1 for d in schemes], np.int64)
    openness = np.array([_OPENNESS.index(state_of(document)) for document in schemes], np.int64)
    return Facts(schemes, choices, fits, amounts, openness, _spans(schemes))


def manager_names(catalog: Catalog) -> list[str]:
    """Who may run a scheme: Nav and every actor of the guide, by name."""
    return [NAV, *(bare_title(document) for document in catalog.documents if document.doc_class == "aktør")]


def is_confirmed(document: Document) -> bool:
    """Whether a source is named for every value of the card that says something."""
    said = (v for v in document.card if document.text[v.statement.start : v.statement.end] != UNKNOWN_VALUE)
    return all(any(mark.source_id != UNCONFIRMED for mark in value.statement.marks) for value in said)


def is_dated(period: Period) -> bool:
    """Whether the period says anything about when."""
    return not period.undated and (period.start is not None or period.end is not None)


def holds_on(period: Period, day: date) -> bool:
    """Whether the period is dated and has the day."""
    after = period.start is None or period.start <= day
    return is_dated(period) and after and (period.end is None or day <= period.end)


def _spans(schemes: Sequence[Document]) -> tuple[Days, Days, Days]:
    rows = [
        (i, (p.start or date.min).toordinal(), p.end.toordinal() if p.end else NEVER)
        for i, document in enumerate(schemes)
        for value in document.card
        for p in (mark.period for mark in value.statement.marks)
        if is_dated(p)
    ]
    owners, firsts, lasts = np.array(rows, np.int64).reshape(-1, 3).T
    return owners, firsts, lasts


@lru_cache(maxsize=4)
def due_days(facts: Facts, today: date) -> tuple[tuple[date, ...], ...]:
    """The deadlines of each scheme as of a day, in order; kept, since a keystroke asks anew."""
    return tuple(tuple(day for day, _ in deadlines_of(document, today)) for document in facts.schemes)


@lru_cache(maxsize=4)
def next_days(facts: Facts, today: date) -> Days:
    """The ordinal of the next deadline of each scheme, `NEVER` where none is known."""
    coming = ((day.toordinal() for day in days if day >= today) for days in due_days(facts, today))
    return np.array([next(days, NEVER) for days in coming], np.int64)


def due_window(before: date, today: date) -> Window:
    """The days that "deadline before" means: from today, or all that are past where the day itself is."""
    last = date.fromordinal(max(before.toordinal() - 1, 1))
    return Window(today if last >= today else date.min, last, "")


def masks(facts: Facts, state: State, today: date) -> dict[str, Mask]:
    """For each filter that is chosen, by field, which schemes it leaves."""
    found: dict[str, Mask] = {}
    for field in CHOICES:
        if chosen := getattr(state, field):
            rows = [facts.choices[field].index(value) for value in chosen]
            found[field] = np.logical_or.reduce(facts.fits[field][rows])
    if state.least is not None:
        found["least"] = facts.amounts >= max(state.least, 0)  # an unknown amount is below any
    if state.most is not None:
        found["most"] = np.logical_and(facts.amounts >= 0, facts.amounts <= state.most)
    if state.due_before is not None:
        window = due_window(state.due_before, today)
        found["due_before"] = np.array([any(map(window.has, days)) for days in due_days(facts, today)], np.bool_)
    if state.valid_on is not None:
        owners, firsts, lasts = facts.spans
        day = state.valid_on.toordinal()
        held = owners[(firsts <= day) & (day <= lasts)]
        found["valid_on"] = np.isin(np.arange(len(facts.schemes)), held)
    return found


def combine(facts: Facts, found: Iterable[Mask]) -> Mask:
    """The schemes that every mask leaves."""
    left = np.ones(len(facts.schemes), np.bool_)
    for mask in found:
        left &= mask
    return left


def count_facets(facts: Facts, chosen: dict[str, Mask], state: State, matched: Mask) -> list[Facet]:
    """How many of the matched schemes each value of each filter has, given all the other filters."""
    facets = []
    for field in CHOICES:
        others = matched & combine(facts, (mask for name, mask in chosen.items() if name != field))
        counts = (facts.fits[field] & others).sum(axis=1).tolist()
        facets += [
            Facet(field, value, count, value in getattr(state, field))
            for value, count in zip(facts.choices[field], counts, strict=True)
        ]
    return facets
