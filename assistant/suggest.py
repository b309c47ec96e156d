"""An answer → what to ask and read next: only questions that the guide was just seen to answer."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest
from weakref import WeakKeyDictionary

from assistant.crisis import is_crisis
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.language import detect_language
from assistant.outside import find_outside
from assistant.retrieve import retrieve
from assistant.types import AlsoRead, Answer, Query
from assistant.understand import understand
from index.analyse import stems
from index.document import Document
from index.embed import Embedder
from index.frontmatter import CARD_FIELDS
from index.load import Index
from index.types import INGRESS, Chunk

_MAX_ALSO_READ = 4
_MAX_SUGGESTED = 3
_MAX_OWN = 2  # of them from the document that answered, while another has one too
_MAX_CHECKED = 8  # each check costs a search
_MAX_CHARS = 90
_MIN_STEM = 4  # letters of a stem that can name a topic
_PLAIN = 0.5  # share of a Norwegian question's stems that its section must have for it to be plain words
# A question that anyone can ask: it begins as one, and tells no story.
_SHARED = "Når|Kan|Må|Får|Er|Skal|Bør"
_BEGINNINGS = {
    "nb": f"Hva|Hvem|Hvor|Hvordan|Hvorfor|Hvilke[nt]?|Finnes|Trenger|Gjelder|{_SHARED}",
    "nn": f"Kva|Kven|Kor|Korleis|Kvar|Kvifor|Finst|Treng|Gjeld|{_SHARED}",
    "en": "What|Who|How|Where|Why|Which|When|Can|Do|Does|Is|Are|Must|Should",
}
_WELL_FORMED = {language: re.compile(rf"(?:{words})\b[^.!?]+\?") for language, words in _BEGINNINGS.items()}
# Words and endings of nynorsk, which a short question may have without any word that decides its language.
_NYNORSK = re.compile(
    r"\b(?:\w{3,}(?:ane|ingar|sjonar|ørar|leg)|\w+[kndrgl]ast|\w*(?:pengar|midlar|tilskot|føretak|verksemd|eigar)\w*|re[kg]na?"
    r"|ein|eit|dei|noka|noko|frå|attende|byrja\w*)\b",
    re.I,
)
# Parts of a scheme in the order that an applicant needs them; after an answer from one, the next comes first.
_STEPS = (
    INGRESS, "hvem_kan_søke", "krav", "beløp", "frister", "egenandel", "søknad", "rapportering", "varighet",
    "kombinasjon", "dekker_ikke",
)  # fmt: skip
_NOT_KNOWN = re.compile(r"\bikke kjent\b", re.I)
# What a version answers never changes, so each question is searched for once; at most those of the guide.
_SEEN: WeakKeyDictionary[Index, dict[str, str | None]] = WeakKeyDictionary()
_LINK = re.compile(r"\]\((?:\.\./)?(?:([a-z]+)/)?([a-z0-9-]+)\.md\)")


def add_next(answer: Answer, query: Query, evidence: Evidence, index: Index, embedder: Embedder) -> Answer:
    """The answer with what to ask and read next: nothing that it tells already."""
    used = list(dict.fromkeys(citation.doc_id for citation in answer.citations))
    sections = {citation.chunk_id for citation in answer.citations}
    told = {chunk.section_id for chunk in index.catalog.chunks if chunk.chunk_id in sections}
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
        chunks.setdefault(doc_id, _chunks_of(doc_id, index)[0])
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
    told = {*used, *(f"{doc_id}#{query.intent}" for doc_id in doc_ids[:1])}
    checked = 0
    for section, question in _candidates(query, doc_ids, told, index) if doc_ids else ():
        if len(chosen) == _MAX_SUGGESTED or checked == _MAX_CHECKED:
            break
        if section in told or question in (query.text, *chosen):
            continue
        checked += 1
        if _answered_by(question, index, embedder) == section:
            chosen.append(question)
            told.add(section)
    return tuple(chosen)


def _candidates(query: Query, doc_ids: Sequence[str], told: Collection[str], index: Index) -> Iterator[tuple[str, str]]:
    """Sections with a question each: two from the document that answers, then in turn from others and from it."""
    lead, *found = doc_ids
    linked = _linked(index.documents[lead], index)
    around = [*sorted(found, key=lambda doc_id: doc_id not in linked), *(d for d in linked if d not in found)]
    own = filter(None, (_ask(lead, section, query, index) for section in _next_sections(lead, told, index)))
    others = filter(None, (_ask(doc_id, INGRESS, query, index) for doc_id in around))
    yield from islice(own, _MAX_OWN)
    yield from filter(None, chain.from_iterable(zip_longest(others, own)))


def _linked(document: Document, index: Index) -> list[str]:
    """The documents that the text links to, in order: what its editor thought should be read next."""
    folder = document.doc_id.partition("/")[0]
    found = (f"{place or folder}/{name}" for place, name in _LINK.findall(document.text))
    return [doc_id for doc_id in dict.fromkeys(found) if doc_id in index.documents and doc_id != document.doc_id]


def _next_sections(doc_id: str, told: Collection[str], index: Index) -> list[str]:
    """The sections not yet told that know something: those after the last told one first, then those before it."""
    chunks = _chunks_of(doc_id, index)
    text = index.documents[doc_id].text
    sections = list(dict.fromkeys(chunk.section for chunk in chunks))
    if index.documents[doc_id].card:
        sections = [*(s for s in _STEPS if s in sections), *(s for s in sections if s not in (*_STEPS, *CARD_FIELDS))]
    is_told = {chunk.section for chunk in chunks if chunk.section_id in told}
    knows = {c.section for c in chunks if any(not _NOT_KNOWN.search(text[s.start : s.end]) for s in c.statements)}
    start = max((place for place, section in enumerate(sections) if section in is_told), default=-1) + 1
    return [s for s in (*sections[start:], *sections[:start]) if s in knows - is_told]


def _ask(doc_id: str, section: str, query: Query, index: Index) -> tuple[str, str] | None:
    """The section's id and the question for it that reads best alone: it names the topic, in the guide's own words."""
    document = index.documents[doc_id]
    chunks = [chunk for chunk in _chunks_of(doc_id, index) if chunk.section == section]
    topic = _content(" ".join((document.title, *document.keywords)))
    said = topic | _content(" ".join(chunk.search_text for chunk in chunks))
    asked: list[tuple[bool, float, bool, str]] = []
    for question in (q for chunk in chunks for q in chunk.questions if _reads_well(q.text, query.language)):
        content = _content(question.text)
        plain = len(content & said) / max(1, len(content))
        if plain >= _PLAIN or query.language != "nb":
            asked.append((topic.isdisjoint(content), -plain, question.statement is not None, question.text))
    return (chunks[0].section_id, min(asked)[-1]) if asked else None


def _content(text: str) -> set[str]:
    return {stem for stem in stems(text) if len(stem) >= _MIN_STEM}


def _reads_well(question: str, language: str) -> bool:
    if len(question) > _MAX_CHARS or not _WELL_FORMED[language].fullmatch(question):
        return False
    if detect_language(question) != language or (language == "nb" and _NYNORSK.search(question)):
        return False
    return not is_crisis(question) and find_outside(question) is None


def _answered_by(question: str, index: Index, embedder: Embedder) -> str | None:
    """The section that answers the question best when it is asked; None where the guide is not sure to know."""
    seen = _SEEN.setdefault(index, {})
    if question not in seen:
        query = understand([question])
        evidence = gather(query, retrieve(index, embedder, query), index)
        seen[question] = evidence.hits[0].chunk.section_id if evidence.sufficiency is Sufficiency.KNOWN else None
    return seen[question]


def _chunks_of(doc_id: str, index: Index) -> list[Chunk]:
    return [chunk for chunk in index.catalog.chunks if chunk.doc_id == doc_id]
