"""What a question narrows a list to → conditions; each says of a document by which of its words it fits, if any."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from assistant.lists.cards import (
    largest_amount,
    own_words,
    rolling_deadline,
    state_of,
    values_of,
)
from assistant.lists.managers import manages, take_manager
from assistant.lists.remainder import Rest
from assistant.lists.vocabulary import (
    AUDIENCES,
    BEFORE_MANAGER,
    BEFORE_THEME,
    COUNTIES,
    EVERYWHERE,
    FORMS,
    PHASES,
    ROLLING,
    SOFT_FILLERS,
    STATES,
    THEMES,
)
from assistant.lists.window import Window, take_window
from index.analyse import stem, words
from index.catalog import Catalog
from index.deadlines import deadlines_of
from index.document import Document
from index.types import Statement

_LIMIT = (
    r"(?P<limit>over|mer enn|meir enn|mer|minst|fra|opptil|opp til|inntil|under|mindre enn|høyst|maks(?:imalt)?"
    r"|more than|at least|above|up to|less than|below)"
)
_NUMBER = r"(?P<number>\d+(?:,\d+)?|en halv|ein halv|half a|en|ein|one|a|to|two|tre|three|fem|five)"
_SCALE = r"(?P<scale>tusen|thousand|k|million(?:er|ar|s)?|mill)"
_AMOUNT = rf"{_LIMIT} {_NUMBER}(?: {_SCALE})?(?: (?P<unit>kroner|kr|nok))?"
_BETWEEN = r"(?:mellom|millom|between) (?P<number>\d+) (?:og|and) (?P<most>\d{4,})(?: (?:kroner|kr|nok))?"
_SPELLED_NUMBERS = {
    "en halv": 0.5, "ein halv": 0.5, "half a": 0.5, "en": 1, "ein": 1, "one": 1, "a": 1, "to": 2, "two": 2, "tre": 3,
    "three": 3, "fem": 5, "five": 5,
}  # fmt: skip
_AT_MOST = ("opptil", "opp til", "inntil", "under", "mindre enn", "høyst", "maks", "maksimalt", "up to", "less than")
_MIN_AMOUNT = 1000  # a bare number below this is no amount
_MIN_WORD = 3  # letters of a word that can be a theme


@dataclass(frozen=True)
class Condition:
    """One thing that a list is narrowed to: `shows` gives the words of a document that fits, None of one that doesn't.

    `kind` is what it is about (`form`, `place`, `deadline` …; `words` for a theme that no table names), `value` what is
    asked for.
    """

    kind: str
    value: str
    shows: Callable[[Document], Statement | None]
    window: Window | None = None


def read_scheme_filter(rest: Rest, catalog: Catalog, today: date) -> list[Condition] | None:
    """What the question narrows a list of schemes to; None where a part of it is not understood."""
    found: list[Condition] = []
    rest.take(r"(?:åpne|åpen|åpent|opne|opent|open) (?:for|to)(?! søknad)|rett (?:på|til)|krav på|entitled to")
    if window := take_window(rest, today):
        found.append(Condition("deadline", window.words, partial(_due, window, today), window))
    found += _take_amount(rest)
    if rest.take(ROLLING):
        found.append(Condition("rolling", "løpende", rolling_deadline))
    if manager := take_manager(rest, catalog, [" ".join(words(place)) for place in known_places(catalog)]):
        found.append(Condition("manager", manager[1], shown_if(partial(manages, manager[0]))))
    found += _take_place(rest, catalog, county=True, country=True)
    found += _take_forms(rest)
    found += _take_named(rest, STATES, "status", lambda state, document: state_of(document) == state)
    return _rest_as_themes(rest, catalog, found, "regel")


def read_filter(rest: Rest, catalog: Catalog, doc_class: str) -> list[Condition] | None:
    """What the question narrows a list of stories, templates or actors to; None where a part is not understood."""
    found = _take_place(rest, catalog, county=doc_class == "aktør", country=False)
    found += _take_forms(rest, in_words=True)
    return _rest_as_themes(rest, catalog, found, doc_class)


def find_form(text: str) -> str | None:
    """The form of organisation that the text names; the longest name decides."""
    rest = Rest(text, "nb").text
    single = {forms[0]: pattern for forms, pattern in FORMS.items() if len(forms) == 1}
    named = [(match[0], form) for form, pattern in single.items() for match in re.finditer(rf"\b(?:{pattern})\b", rest)]
    return max(named, key=lambda pair: len(pair[0]))[1] if named else None


def find_place(text: str, catalog: Catalog) -> str | None:
    """The county or municipality that the text names, of those that the guide knows."""
    asked = set(words(text))
    return next((place for place in known_places(catalog) if set(words(place)) <= asked), None)


def holds_in(document: Document, place: str) -> bool:
    """Whether the document holds for the place: it names it, a part of it, its county, or the whole country."""
    return bool({EVERYWHERE, *places_around(place)} & set(document.places))


def places_around(place: str) -> frozenset[str]:
    """The place, its parts, and the county that it lies in."""
    return _around([place], county=True, country=False)


def home_of(place: str) -> frozenset[str]:
    """The place and the county that it lies in; nothing for no place."""
    return frozenset({place, *(name for name, parts in COUNTIES.items() if place in parts)} - {""})


def may_apply(forms: Sequence[str], document: Document) -> Statement | None:
    """The first value of the card on who can apply that names one of the forms."""
    values = values_of(document, "hvem_kan_søke")
    return next((value.statement for value in values if set(forms) & set(value.forms)), None)


def shown_if(fits: Callable[[Document], bool]) -> Callable[[Document], Statement | None]:
    """What a condition shows of a document that fits: its first sentence."""
    return lambda document: document.ingress[0] if fits(document) else None


def known_places(catalog: Catalog) -> list[str]:
    """Every place of the guide but the whole country, long names first."""
    known = {place for document in catalog.documents for place in document.places} - {EVERYWHERE}
    known |= {*COUNTIES, *(place for places in COUNTIES.values() for place in places)}
    return sorted(known, key=lambda place: (-len(place), place))


def _due(window: Window, today: date, document: Document) -> Statement | None:
    return next((statement for day, statement in deadlines_of(document, today) if window.has(day)), None)


def _take_amount(rest: Rest) -> list[Condition]:
    amount = take_amount(rest)
    return [Condition("amount", amount.words, partial(_pays, amount.least, amount.most))] if amount else []


@dataclass(frozen=True)
class Amount:
    """Kroner from `least` to `most`, both within; `words` is how the question says it."""

    least: int
    most: int | None
    words: str


def take_amount(rest: Rest) -> Amount | None:
    """The limits in kroner that the question names, taken out of it; None where it names none."""
    kept = rest.text
    if found := rest.take(_BETWEEN):
        return Amount(int(found["number"]), int(found["most"]), _spaced(found[0]))
    found = rest.take(_AMOUNT)
    if not found:
        return None
    number = _SPELLED_NUMBERS.get(found["number"]) or float(found["number"].replace(",", "."))
    scale = found["scale"] or ""
    kroner = round(number * (1 if not scale else 1000 if scale in ("tusen", "thousand", "k") else 1_000_000))
    if kroner < _MIN_AMOUNT:
        rest.text = kept
        return None
    is_most, is_strict = found["limit"] in _AT_MOST, found["limit"] in ("over", "mer enn", "meir enn", "more than")
    least, most = (0, kroner) if is_most else (kroner + is_strict, None)
    return Amount(least, most, _spaced(found[0]))


def _spaced(text: str) -> str:
    """The words with their amounts as they are written: 100 000."""
    return re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}".replace(",", " "), text.strip())


def _pays(least: int, most: int | None, document: Document) -> Statement | None:
    largest = largest_amount(document)
    fits = largest is not None and least <= largest[0] and (most is None or largest[0] <= most)
    return largest[1] if largest and fits else None


def _take_place(rest: Rest, catalog: Catalog, county: bool, country: bool) -> list[Condition]:
    """Places by name; any of several will do. What covers the whole county or country may count too."""
    named = {" ".join(words(place)): place for place in known_places(catalog)}
    pattern = "|".join(re.escape(name) for name in named)
    found: list[str] = []
    if re.search(rf"\b(?:{BEFORE_MANAGER}) (?:{pattern}) (?:kommune|fylkeskommune|municipality)\b", rest.text):
        return []  # a giver that no card knows: left over, and then no list
    kind = r"(?: (?:kommune|fylke|municipality|county))?"
    while taken := rest.take(rf"(?:(?:og|eller|and|or) )?(?:(?:i|in) )?(?P<place>{pattern})s?{kind}"):
        found.append(named[taken["place"]])
    rest.take(r"(?:(?:i|in|over) )?(?:hele )?(?:norge|noreg|norway)")
    if not found:
        return []
    return [Condition("place", ", ".join(found), partial(_is_in, _around(found, county, country)))]


def _around(places: Sequence[str], county: bool, country: bool) -> frozenset[str]:
    """Where a document for one of the places may be at home: in parts of it, and in what it is part of."""
    around = {*places, *(part for place in places for part in COUNTIES.get(place, ()))}
    if county:
        around |= {name for name, parts in COUNTIES.items() if set(places) & set(parts)}
    return frozenset(around | {EVERYWHERE} if country else around)


def _is_in(places: frozenset[str], document: Document) -> Statement | None:
    return document.ingress[0] if places & set(document.places) else None


def _take_forms(rest: Rest, in_words: bool = False) -> list[Condition]:
    """Forms by name; several are one condition that any fulfils. `in_words`: the document's own words name them."""
    rest.take(r"(?:sosiale?|social) (?:entreprenør\w*|virksomhet\w*|verksemd\w*|enterprises?|entrepreneurs?)")
    found = [(forms, pattern) for forms, pattern in FORMS.items() if rest.take(pattern)]
    if not found:
        return []
    named = tuple(form for forms, _ in found for form in forms)
    about = partial(_is_about, "|".join(pattern for _, pattern in found))
    return [Condition("form", ", ".join(named), about if in_words else partial(may_apply, named))]


def _take_named(rest: Rest, names: dict[str, str], kind: str, fits: Callable[[str, Document], bool]) -> list[Condition]:
    """The first of the names that the question has, as a condition."""
    for name, pattern in names.items():
        if rest.take(pattern):
            return [Condition(kind, name, shown_if(partial(fits, name)))]
    return []


def _rest_as_themes(rest: Rest, catalog: Catalog, found: list[Condition], doc_class: str) -> list[Condition] | None:
    """The conditions with those on theme, phase and audience, which end a filter; None where words are left over."""
    themes = []
    for name, (asked, own) in THEMES.items():
        if rest.take(asked):
            themes.append(Condition("theme", name, partial(_is_about, own)))
            while rest.take(asked):
                continue
    found += _take_named(rest, AUDIENCES, "audience", lambda name, document: name in document.audience)
    found += _take_named(rest, PHASES, "phase", lambda name, document: name in document.phases)
    left = [word for word in rest.left() if not (themes and word in SOFT_FILLERS)]
    if left:
        asked_for = _free_theme(rest, left)
        listed = [document for document in catalog.documents if document.doc_class == doc_class]
        if asked_for is None or not any(asked_for.shows(document) for document in listed):
            return None
        themes.append(asked_for)
    return [*found, *themes]


def _free_theme(rest: Rest, left: Sequence[str]) -> Condition | None:
    """The words left over as a theme, where they stand as one: after "til", "om" or the like, each long enough."""
    before = re.search(rf"(\S+) {re.escape(left[0])}\b", rest.text)
    if before is None or before[1] not in BEFORE_THEME or any(len(word) < _MIN_WORD for word in left):
        return None
    pattern = [rf"\b{re.escape(stem(word))}\w*" for word in left]
    return Condition("words", " ".join(left), partial(_has_all, tuple(pattern)))


def _is_about(pattern: str, document: Document) -> Statement | None:
    return document.ingress[0] if _has_word(pattern, own_words(document)) else None


def is_on_theme(theme: str, own: str) -> bool:
    """Whether what a document says it is about, as `own_words` has it, is on the theme."""
    return _has_word(THEMES[theme][1], own)


def _has_word(pattern: str, own: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", own) is not None


def _has_all(patterns: Sequence[str], document: Document) -> Statement | None:
    own = own_words(document)
    return document.ingress[0] if all(re.search(pattern, own) for pattern in patterns) else None
