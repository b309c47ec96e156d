"""Whom to ask: the office of the guide that fits a question best, and what the guide says of it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from assistant.crisis import HELP_NUMBERS
from assistant.lists.schemes import find_place, home_of, places_around
from assistant.lists.vocabulary import EVERYWHERE
from assistant.retrieve import Found, read_learned
from assistant.texts import say
from assistant.told import as_drafts
from assistant.types import Draft, Intent, Query
from assistant.warn import bare_title
from index.analyse import words
from index.document import Document
from index.load import Index
from index.terms import Terms
from index.types import INGRESS

_NAMED = 2.0  # weight of the share of the question that a document's title and keywords cover, beside its best chunk
_GAP_FROM = 1.1  # likeness from which the document of the nearest unanswered question counts as near
_ITS_PLACE = 1.0  # what an office gains by being that of the place asked about
_FITS_FROM = 2.6  # fit below which an office is not the one to ask
_NAMES: WeakKeyDictionary[Index, Terms] = WeakKeyDictionary()
_CONTACT = "Slik tar du kontakt"  # the section of an office that says how to reach it


def point_to_office(query: Query, found: Found, index: Index) -> list[Draft] | None:
    """What the office to ask is and how to reach it, where the question asks for whom to ask; else None."""
    if query.intent is not Intent.CONTACT:
        return None
    office = find_office(query, fit_documents(query.text, found, index), index)
    if office is None:
        return None
    chunks = [c for section in (INGRESS, _CONTACT) for c in index.chunks_of[office.doc_id] if c.section == section]
    said = [replace(draft, is_item=True) for draft in as_drafts(chunks, index.documents)]
    return [Draft(say(query.language, "contact_open", actor=bare_title(office))), *said]


def fit_documents(text: str, found: Found, index: Index) -> dict[str, float]:
    """How near each document is to the text: its best chunk, its title and keywords, and the gaps known beside it."""
    starts, _ = index.spans
    scores = np.array(read_learned().weights, np.float32) @ found.signals.chunks
    best = np.maximum.reduceat(scores, starts)
    named = index.keyword.cover(index.expander.rewrite(index.speller.correct(text)), _names(index))
    by_chunk = (index.catalog.chunks[start].doc_id for start in starts)
    fit = {doc_id: float(score) for doc_id, score in zip(by_chunk, best, strict=True)}
    for document, share in zip(index.catalog.documents, named, strict=True):
        fit[document.doc_id] = fit.get(document.doc_id, 0.0) + _NAMED * float(share)
    gap, likeness = found.signals.gap, max(found.signals.unanswered.tolist(), default=0.0)
    if gap and gap.doc_id and likeness >= _GAP_FROM:
        fit[gap.doc_id] += likeness
    return fit


def _names(index: Index) -> Terms:
    """The terms of each document's title and keywords, read once for a version: a hundredth of a second."""
    if index not in _NAMES:
        _NAMES[index] = index.keyword.read_terms([" ".join((d.title, *d.keywords)) for d in index.catalog.documents])
    return _NAMES[index]


def find_office(query: Query, fit: Mapping[str, float], index: Index) -> Document | None:
    """The office that fits the question best, before others that of the place asked about; None where none fits well.

    An office of one place is only for who asks about that place, or about the office itself, or has chosen a place in
    its reach; being of a place that is only chosen makes no office fit that would not without.
    """
    place = find_place(query.text, index.catalog)
    here = places_around(place) if place else home_of(query.filters.place)
    named, asked = {name.lower() for name in here}, set(words(query.text))
    scores = {}
    for document in index.catalog.documents:
        if document.doc_class == "aktør" and document.doc_id != HELP_NUMBERS and _is_for(document, here, asked):
            own = fit[document.doc_id]
            score = own + _ITS_PLACE * (words(document.title)[0] in named)
            if (score if place else own) >= _FITS_FROM:
                scores[document.doc_id] = score
    best = max(scores, key=lambda doc_id: scores[doc_id], default=None)
    return index.documents[best] if best else None


def _is_for(office: Document, here: Collection[str], asked: Collection[str]) -> bool:
    if EVERYWHERE in office.places or words(office.title)[0] in asked:
        return True
    return office.places[0] in here
