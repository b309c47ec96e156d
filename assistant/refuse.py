"""What can't be answered → why not, what is nearest in the guide, and whom to ask; never a guess."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from assistant.cite import cite
from assistant.compose import render
from assistant.crisis import HELP_NUMBERS, help_numbers
from assistant.evidence import Evidence, Sufficiency
from assistant.intent import is_small_talk
from assistant.outside import Outside
from assistant.retrieve import Found, read_learned
from assistant.schemes import find_place, places_around
from assistant.screen import MAX_CHARS, Screened
from assistant.suggest import also_read, suggest
from assistant.texts import say
from assistant.types import Answer, Query, Status
from assistant.vocabulary import EVERYWHERE
from assistant.warn import bare_title, join_names
from index.analyse import stems, words
from index.document import Document
from index.embed import Embedder
from index.load import Index

_TOPICS = 2
_NAMED = 2.0  # weight of the share of the question that a document's title and keywords cover, beside its best chunk
_GAP_FROM = 1.1  # likeness from which the document of the nearest unanswered question counts as near
_NEAR_FROM, _FITS_FROM = 2.2, 2.6  # below these, a topic is not worth naming, and an office not the one to ask
_SECOND = 0.6  # of the nearest topic's fit, which the second must have
_ITS_PLACE = 1.0  # what an office gains by being that of the place asked about
_SAME_TITLE = 0.6  # share of the shorter title's stems from which two documents are about the same
_ANYONE = "aktorer/altinn"  # guides anyone who starts or runs an enterprise, when no office fits better
_DOCTOR = "116 117"  # how the line to quote on health is known


def refuse_input(screened: Screened, language: str) -> Answer | None:
    """The answer to what can't be searched for: nothing, too much, or only personal data."""
    if screened.is_too_long:
        return Answer("", Status.BLOCKED, say(language, "too_long", limit=MAX_CHARS), language)
    says_nothing = screened.is_empty or is_small_talk(screened.text)
    if says_nothing and screened.found:
        text = say(language, "personal_data_only", found=", ".join(screened.found))
        return Answer("", Status.PERSONAL_DATA, text, language)
    if screened.is_empty:
        return Answer("", Status.CLARIFY, say(language, "empty"), language)
    if says_nothing:
        return Answer("", Status.CLARIFY, say(language, "small_talk"), language)
    return None


def must_refuse(outside: Outside | None, evidence: Evidence) -> bool:
    """Whether to refuse: what looks outside the guide however sure retrieval is, and what the guide does not know.

    What only looks to be about something else is still answered when the guide is sure to know it.
    """
    if outside not in (None, Outside.GENERAL):
        return True
    unsure = (Sufficiency.UNKNOWN, Sufficiency.OUT_OF_SCOPE, *((Sufficiency.PARTLY,) if outside else ()))
    return evidence.sufficiency in unsure


def refuse(
    query: Query,
    outside: Outside | None,
    found: Found,
    evidence: Evidence,
    index: Index,
    embedder: Embedder,
    today: date,
) -> Answer:
    """Not knowing, said plainly: outside the guide's field, or inside it and not there."""
    if outside is None and evidence.sufficiency is Sufficiency.OUT_OF_SCOPE:
        outside = Outside.GENERAL
    if outside is Outside.HEALTH:
        return _point_to_doctor(query, index, today)
    if outside not in (None, Outside.CASE):
        return Answer("", Status.OUT_OF_SCOPE, say(query.language, outside.key), query.language)
    fit = _fit(query.text, found, index)
    topics = _near_topics(fit, outside, index)
    office = _office_to_ask(query.text, fit, index)
    said = [say(query.language, outside.key if outside else "no_evidence")]
    if topics:
        names = join_names([f"«{topic.title}»" for topic in topics], query.language)
        said.append(say(query.language, "no_evidence_near", topics=names))
    if office is not None:
        said.append(say(query.language, "ask_actor", actor=bare_title(office)))
    elif (office := index.documents.get(_ANYONE)) is not None:
        said.append(say(query.language, "ask_anyone", actor=bare_title(office)))
    near = [topic.doc_id for topic in topics]
    return Answer(
        "",
        Status.OUT_OF_SCOPE if outside else Status.NO_EVIDENCE,
        " ".join(said),
        query.language,
        follow_ups=suggest(query, near, (), index, embedder),
        also_read=also_read(index, [*near, *([office.doc_id] if office else [])], evidence, ()),
    )


def _point_to_doctor(query: Query, index: Index, today: date) -> Answer:
    """No advice on health; the number to ring, where the guide has it from a source."""
    numbers = help_numbers(query.language, index.catalog) or []
    lines = [replace(line, is_item=False) for line in numbers if line.statement and _DOCTOR in line.text]
    text, cited = render(lines)
    citations = cite(cited, index.catalog.sources, query.language, today)
    text = "\n\n".join(part for part in (say(query.language, "out_of_scope_health"), text) if part)
    return Answer("", Status.OUT_OF_SCOPE, text, query.language, citations=tuple(citations))


def _fit(text: str, found: Found, index: Index) -> dict[str, float]:
    """How near each document is to the text: its best chunk, its title and keywords, and the gaps known beside it."""
    starts, _ = index.spans
    scores = np.array(read_learned().weights, np.float32) @ found.signals.chunks
    best = np.maximum.reduceat(scores, starts)
    names = [" ".join((d.title, *d.keywords)) for d in index.catalog.documents]
    named = index.keyword.coverage(index.expander.rewrite(index.speller.correct(text)), names)
    by_chunk = (index.catalog.chunks[start].doc_id for start in starts)
    fit = {doc_id: float(score) for doc_id, score in zip(by_chunk, best, strict=True)}
    for document, share in zip(index.catalog.documents, named, strict=True):
        fit[document.doc_id] = fit.get(document.doc_id, 0.0) + _NAMED * float(share)
    gap, likeness = found.signals.gap, max(found.signals.unanswered.tolist(), default=0.0)
    if gap and gap.doc_id and likeness >= _GAP_FROM:
        fit[gap.doc_id] += likeness
    return fit


def _near_topics(fit: Mapping[str, float], outside: Outside | None, index: Index) -> list[Document]:
    """The documents nearest, no two about the same; for someone's own case only those that explain the rules."""
    chosen: list[Document] = []
    for doc_id in sorted(fit, key=lambda d: -fit[d]):
        document = index.documents[doc_id]
        enough = _SECOND * fit[chosen[0].doc_id] if chosen else _NEAR_FROM
        if len(chosen) == _TOPICS or fit[doc_id] < enough:
            break
        is_kind = document.doc_class == "veiledning" if outside else document.doc_class != "aktør"
        if is_kind and not any(_is_same(document, other) for other in chosen):
            chosen.append(document)
    return chosen


def _is_same(one: Document, other: Document) -> bool:
    left, right = set(stems(one.title)), set(stems(other.title))
    return len(left & right) >= _SAME_TITLE * min(len(left), len(right))


def _office_to_ask(text: str, fit: Mapping[str, float], index: Index) -> Document | None:
    """The office that fits the question best, before others that of the place asked about; None where none fits well.

    An office of one place is only for who asks about that place, or about the office itself.
    """
    place = find_place(text, index.catalog)
    here = places_around(place) if place else set()
    named, asked = {name.lower() for name in here}, set(words(text))
    scores = {
        d.doc_id: fit[d.doc_id] + _ITS_PLACE * (words(d.title)[0] in named)
        for d in index.catalog.documents
        if d.doc_class == "aktør" and d.doc_id != HELP_NUMBERS and _is_for(d, here, asked)
    }
    best = max(scores, key=lambda doc_id: scores[doc_id], default=None)
    return index.documents[best] if best and scores[best] >= _FITS_FROM else None


def _is_for(office: Document, here: Collection[str], asked: Collection[str]) -> bool:
    if EVERYWHERE in office.places or words(office.title)[0] in asked:
        return True
    return office.places[0] in here
