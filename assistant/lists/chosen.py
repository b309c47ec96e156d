"""What was chosen beside the question → conditions that narrow a list further, like those that the question names."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from assistant.fit import each, fits
from assistant.lists.schemes import Condition, may_apply, places_around, shown_if
from assistant.types import Filters
from index.catalog import Catalog

_LOCAL = ("historie", "aktør")  # a list of these for a place is of its own, as in "historier fra Vestfold"
_FORMLESS = ("historie", "aktør")  # the guide does not say for which forms these are


@dataclass(frozen=True)
class Chosen:
    """The conditions, and the names of the filters that can narrow no list of this class."""

    conditions: tuple[Condition, ...]
    useless: tuple[str, ...]


def read_chosen(filters: Filters, doc_class: str, named: Collection[str], catalog: Catalog) -> Chosen:
    """What the filters narrow a list of the class to; one of a kind that the question has `named` gives way."""
    left = [(kind, value) for kind, value in each(filters) if kind not in named]
    useless = [value for kind, value in left if kind == "form" and doc_class in _FORMLESS]
    conditions = [_condition(kind, value, doc_class, catalog) for kind, value in left if value not in useless]
    return Chosen(tuple(conditions), tuple(useless))


def _condition(kind: str, value: str, doc_class: str, catalog: Catalog) -> Condition:
    fit = fits(catalog, kind, value)
    if kind == "place" and doc_class in _LOCAL:
        around = places_around(value)
        listed = [document for document in catalog.documents if document.doc_class == doc_class]
        local = {d.doc_id for d in listed if fit[d.doc_id] and around & set(d.places)}
        if local:
            return Condition(kind, value, shown_if(lambda document: document.doc_id in local))
        return Condition("country", value, shown_if(lambda document: fit[document.doc_id] is True))
    if kind == "form" and doc_class == "regel":
        return Condition(kind, value, partial(may_apply, (value,)))
    return Condition(kind, value, shown_if(lambda document: fit[document.doc_id] is True))
