"""An answer → what to ask and read next: only questions that the guide was seen to answer."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest

from assistant.askable import Askable, answered, question_for
from assistant.evidence import Evidence
from assistant.types import AlsoRead, Answer, Query
from index.document import Document
from index.embed import Embedder
from index.frontmatter import CARD_FIELDS
from index.load import Index
from index.types import INGRESS

_MAX_ALSO_READ = 4
_MAX_SUGGESTED = 3
_MAX_OWN = 2  # of them from the document that answered, while another has one too
_MAX_CHECKED = 8  # each may cost a search
# Parts of a scheme in the order that an applicant needs them; after an answer from one, the next comes first.
_STEPS = (
    INGRESS, "hvem_kan_søke", "krav", "beløp", "frister", "egenandel", "søknad", "rapportering", "varighet",
    "kombinasjon", "dekker_ikke",
)  # fmt: skip
_NOT_KNOWN = re.compile(r"\bikke kjent\b", re.I)
_LINK = re.compile(r"\]\((?:\.\./)?(?:([a-z]+)/)?([a-z0-9-]+)\.md\)")


def add_next(answer: Answer, query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> Answer:
    """The answer with what to ask and read next: nothing that it tells already."""
    used = list(dict.fromkeys(citation.doc_id for citation in answer.citations))
    sections = {citation.chunk_id for citation in answer.citations}
    told = {index.catalog.chunks[index.positions[chunk_id]].section_id for chunk_id in sections}
    near = dict.fromkeys((*used[:1], *(hit.chunk.doc_id for hit in evidence.documents)))
    return replace(
        answer,
        follow_ups=suggest(query, list(near), told, index, embedder),
        also_read=also_read(index, (), evidence, used),
    )


def also_read(index: Index, doc_ids: Sequence[str], evidence: Evidence, used: Collection[str]) -> tuple[AlsoRead, ...]:
    """Passages worth reading, of other documents than those `used`: first of `doc_ids`, then what was found."""
    chunks = {hit.chunk.doc_id: hit.chunk for hit in evidence.documents}
    for doc_id in doc_ids:
        chunks.setdefault(doc_id, index.chunks_of[doc_id][0])
    order = [doc_id for doc_id in dict.fromkeys((*doc_ids, *chunks)) if doc_id not in used]
    items = (AlsoRead(chunks[doc_id].chunk_id, doc_id, index.documents[doc_id].title) for doc_id in order)
    return tuple(items)[:_MAX_ALSO_READ]


def suggest(
    query: Query, doc_ids: Sequence[str], used: Collection[str], index: Index, embedder: Embedder
) -> tuple[str, ...]:
    """Up to three questions in the language of this one that the guide answers, each from a section of its own.

    `doc_ids` are the documents to suggest from, the one that answers first; `used` are the sections already told.
    """
    chosen: list[str] = []
    checked = 0
    told = {*used, *(f"{doc_id}#{query.intent}" for doc_id in doc_ids[:1])}
    found = _candidates(query.language, doc_ids, told, index) if doc_ids else ()
    fresh = (candidate for candidate in found if candidate.section not in told and candidate.question != query.text)
    while some := list(islice(fresh, min(_MAX_SUGGESTED - len(chosen), _MAX_CHECKED - checked))):
        checked += len(some)
        chosen += answered(some, index, embedder)
    return tuple(chosen)


def _candidates(language: str, doc_ids: Sequence[str], told: Collection[str], index: Index) -> Iterator[Askable]:
    """Each of a section of its own: two from the document that answers, then in turn from others and from it."""
    lead, *found = doc_ids
    linked = _linked(index.documents[lead], index)
    around = [*sorted(found, key=lambda doc_id: doc_id not in linked), *(d for d in linked if d not in found)]
    own = filter(None, (question_for(lead, section, language, index) for section in _next_sections(lead, told, index)))
    others = filter(None, (question_for(doc_id, INGRESS, language, index) for doc_id in around))
    yield from islice(own, _MAX_OWN)
    yield from filter(None, chain.from_iterable(zip_longest(others, own)))


def _linked(document: Document, index: Index) -> list[str]:
    """The documents that the text links to, in order: what its editor thought should be read next."""
    folder = document.doc_id.partition("/")[0]
    found = (f"{place or folder}/{name}" for place, name in _LINK.findall(document.text))
    return [doc_id for doc_id in dict.fromkeys(found) if doc_id in index.documents and doc_id != document.doc_id]


def _next_sections(doc_id: str, told: Collection[str], index: Index) -> list[str]:
    """The sections not yet told that know something: those after the last told one first, then those before it."""
    chunks = index.chunks_of[doc_id]
    text = index.documents[doc_id].text
    sections = list(dict.fromkeys(chunk.section for chunk in chunks))
    if index.documents[doc_id].card:
        sections = [*(s for s in _STEPS if s in sections), *(s for s in sections if s not in (*_STEPS, *CARD_FIELDS))]
    is_told = {chunk.section for chunk in chunks if chunk.section_id in told}
    knows = {c.section for c in chunks if any(not _NOT_KNOWN.search(text[s.start : s.end]) for s in c.statements)}
    start = max((place for place, section in enumerate(sections) if section in is_told), default=-1) + 1
    return [s for s in (*sections[start:], *sections[:start]) if s in knows - is_told]
