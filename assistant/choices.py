"""What can be chosen beside a question, as the guide has it; and what someone chose → filters, or what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from assistant.fit import each
from assistant.lists.schemes import known_places
from assistant.lists.vocabulary import ABROAD, COUNTIES, FORMS
from assistant.texts import LANGUAGES, say
from assistant.types import Filters
from index.catalog import Catalog
from index.frontmatter import PHASES

KINDS = tuple(field.name for field in fields(Filters))
# An employer is of any form, so that one who chose it would be told that a scheme for associations is not for them.
_NO_FORM = "arbeidsgiver"
_MAX_SHOWN = 60  # characters of an unknown value that are said back


class FilterError(ValueError):
    """A filter that the guide does not have; the message is for the user, in their language."""


@dataclass(frozen=True)
class Choice:
    """A value of a filter, its name by language, and the county of a municipality where the guide knows it."""

    value: str
    names: Mapping[str, str]
    county: str = ""


@dataclass(frozen=True)
class Choices:
    """Every value of each filter: as the front matter has phases in order, the guide's own counties before others."""

    form: tuple[Choice, ...]
    place: tuple[Choice, ...]
    phase: tuple[Choice, ...]


@lru_cache(maxsize=2)  # of the version in use, and of the one before it while they switch
def filter_choices(catalog: Catalog) -> Choices:
    """The values that the guide has: forms of its cards, its places in Norway, phases of its documents."""
    forms = {form for document in catalog.documents for value in document.card for form in value.forms}
    phases = {phase for document in catalog.documents for phase in document.phases}
    counties = {part: county for county, parts in COUNTIES.items() for part in parts}
    own = [place for county, parts in COUNTIES.items() for place in (county, *parts)]
    others = sorted(set(known_places(catalog)) - {*own, *ABROAD})
    return Choices(
        tuple(_named(form) for (form, *more) in FORMS if not more and form in forms - {_NO_FORM}),
        tuple(Choice(place, dict.fromkeys(LANGUAGES, place), counties.get(place, "")) for place in (*own, *others)),
        tuple(_named(phase) for phase in PHASES if phase in phases),
    )


def filter_names(filters: Filters, language: str) -> list[str]:
    """What everything chosen is called: a place by its own name, the rest in the language."""
    return [value if kind == "place" else _name(value, language) for kind, value in each(filters)]


def _name(value: str, language: str) -> str:
    return say(language, f"choice_{value.replace(' ', '_')}")


def read_filters(data: object, catalog: Catalog, language: str = "nb") -> Filters:
    """`{"form", "place", "phase"}` → filters; one that is left out, None or empty is not chosen.

    A value counts in any case, by its name in any language, and a form by what people call it ("AS", "klubb").

    Raises: FilterError, which names what there is to choose from.
    """
    if not isinstance(data, Mapping) or not set(data) <= set(KINDS):
        raise FilterError(say(language, "filter_fields", fields=", ".join(KINDS)))
    choices = filter_choices(catalog)
    return Filters(
        **{kind: _read(kind, value, getattr(choices, kind), language) for kind, value in data.items() if value}
    )


def _read(kind: str, value: object, choices: tuple[Choice, ...], language: str) -> str:
    typed = str(value).strip().casefold()
    for choice in choices:
        if typed in {choice.value.casefold(), *(name.casefold() for name in choice.names.values())}:
            return choice.value
        if kind == "form" and re.fullmatch(FORMS[choice.value,], typed):
            return choice.value
    known = ", ".join(choice.value for choice in choices)
    raise FilterError(say(language, f"filter_unknown_{kind}", value=str(value)[:_MAX_SHOWN], known=known))


def _named(value: str) -> Choice:
    return Choice(value, {language: _name(value, language) for language in LANGUAGES})
