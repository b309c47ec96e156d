"""Evidence → the evidence that fits what was chosen beside the question; never at the price of the answer.

A filter chooses between documents that answer about as well. Where one answers clearly better, or is named, and does
not fit, the question is about that one: the filter is set aside, and the answer says so.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from assistant.choices import filter_names
from assistant.eligibility.conditions import forms_in
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.fit import BY_TITLE, ROLES, Fits, each, fits
from assistant.lists.remainder import Rest
from assistant.lists.schemes import find_place
from assistant.lists.vocabulary import FILLERS, PHASES
from assistant.named import asked_parts, named_among
from assistant.retrieve import Found, rank, read_learned
from assistant.texts import say
from assistant.types import NO_FILTERS, Filters, Query, Scored
from assistant.warn import join_names
from index.analyse import stem
from index.catalog import Catalog
from index.load import Index

# How much lower than the best document one that fits may score and still answer as well: of schemes and stories, and of
# texts for one form. Of 700 questions each asked for one scheme or story (corpus/sporsmal, 2026-11-29), a filter that
# it does not fit gives 6 to another at 0.3, 11 at 0.7, 32 at 1.0; people's own words lead by less than the guide's.
_AS_GOOD, _SAME_FOR_FORM = 0.3, 0.7
# Words that name no document on their own: "fylkeskommunen" is another one in each county.
_NAMELESS = frozenset(map(stem, (*FILLERS, "kommune", "fylke", "fylkeskommune")))


def settle(chosen: Filters, query: Query, catalog: Catalog) -> Filters:
    """What is chosen, without what the question itself says something of."""
    if chosen == NO_FILTERS:
        return chosen
    text = Rest(query.text, query.language).text
    said = {
        "place": find_place(query.text, catalog) is not None,
        "form": bool(forms_in(text) - ROLES),
        "phase": any(re.search(rf"\b(?:{pattern})\b", text) for pattern in PHASES.values()),
    }
    return Filters(**{kind: value for kind, value in each(chosen) if not said[kind]})


def narrow(query: Query, found: Found, evidence: Evidence, index: Index) -> Evidence:
    """The evidence without documents that do not fit, as sure as before; filters that would cost the answer left out.

    A document that the question names stays.
    """
    if evidence.sufficiency not in (Sufficiency.KNOWN, Sufficiency.PARTLY):
        return evidence
    hits, gone = evidence.hits, frozenset[str]()
    for kind, value in each(query.filters):
        fit = fits(index.catalog, kind, value)
        misfits = {doc_id for doc_id, does_fit in fit.items() if does_fit is False}
        if misfits.isdisjoint(hit.chunk.doc_id for hit in hits):
            gone |= misfits
            continue
        without = gone | (misfits - _named(query, misfits, index))
        keep = np.array([chunk.doc_id not in without for chunk in index.catalog.chunks], np.bool_)
        fewer = rank(index, found.signals, read_learned().weights, keep=keep)
        if fewer.hits and _is_as_good(fewer, query, hits[0], evidence.sufficiency, fit, index):
            hits, gone = fewer.hits, without
    return replace(evidence, hits=hits)


def judge(chosen: Filters, cited: Sequence[str], catalog: Catalog) -> tuple[Filters, Filters]:
    """Of what is chosen: what the document cited first fits and none of them contradicts, and what one contradicts."""
    used, unfit = {}, {}
    for kind, value in each(chosen):
        found = [fits(catalog, kind, value)[doc_id] for doc_id in cited]
        if False in found:
            unfit[kind] = value
        elif found and found[0]:
            used[kind] = value
    return Filters(**used), Filters(**unfit)


def warn_unfit(unfit: Filters, language: str) -> list[str]:
    """That the answer is without these filters, where there are any."""
    names = [f"«{name}»" for name in filter_names(unfit, language)]
    if not names:
        return []
    return [say(language, "filter_unfit" if len(names) == 1 else "filters_unfit", names=join_names(names, language))]


def _named(query: Query, misfits: Collection[str], index: Index) -> set[str]:
    """Those that the question names: what is asked about them is not to be answered of others."""
    asked = {part for part in asked_parts(query.text, index) if not _NAMELESS & set(part.split())}
    classes = {index.documents[doc_id].doc_class for doc_id in misfits}
    alike = [[d for d in index.catalog.documents if d.doc_class == doc_class] for doc_class in classes]
    return {doc_id for documents in alike for doc_id in named_among(asked, documents, index)} & {*misfits}


def _is_as_good(fewer: Found, query: Query, best: Scored, sufficiency: Sufficiency, fit: Fits, index: Index) -> bool:
    """Whether what is left begins with the same document, or with one of its class that fits and answers as well."""
    first = fewer.hits[0]
    if first.chunk.doc_id == best.chunk.doc_id:
        return True
    reach = _SAME_FOR_FORM if first.chunk.doc_class in BY_TITLE else _AS_GOOD
    is_alike = first.chunk.doc_class == best.chunk.doc_class and fit[first.chunk.doc_id] is True
    if not is_alike or first.score < best.score - reach:
        return False
    return gather(query, fewer, index).sufficiency in (Sufficiency.KNOWN, sufficiency)
