"""An answer → what to ask and read next: only questions that the guide was just seen to answer."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, zip_longest
from weakref import WeakKeyDictionary

from assistant.crisis import is_crisis
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.language import detect_language
from assistant.outside import find_outside
from assistant.retrieve import retrieve_all
from assistant.types import AlsoRead, Answer, Query
from assistant.understand import understand
from index.analyse import stems
from index.document import Document
from index.embed import Embedder
from index.frontmatter import CARD_FIELDS
from index.load import Index
from index.types import INGRESS

_MAX_ALSO_READ = 4
_MAX_SUGGESTED = 3
_MAX_OWN = 2  # of them from the document that answered, while another has one too
_MAX_CHECKED = 8  # each check costs most of a search
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
_LINK = re.compile(r"\]\((?:\.\./)?(?:([a-z]+)/)?([a-z0-9-]+)\.md\)")


@dataclass(frozen=True)
class _Candidate:
    """A question to suggest, and the id of the section that it is about."""

    section: str
    question: str


@dataclass(frozen=True)
class _Memory:
    """What was found out about a version, which never changes: at most a few entries per section of the guide.

    `asked` has the candidate of a document's section in a language, `answered_by` the section that answers a question.
    """

    asked: dict[tuple[str, str, str], _Candidate | None] = field(default_factory=dict)
    answered_by: dict[str, str | None] = field(default_factory=dict)


_MEMORIES: WeakKeyDictionary[Index, _Memory] = WeakKeyDictionary()


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
        chosen += _answered(some, index, embedder)
    return tuple(chosen)


def _candidates(language: str, doc_ids: Sequence[str], told: Collection[str], index: Index) -> Iterator[_Candidate]:
    """Each of a section of its own: two from the document that answers, then in turn from others and from it."""
    lead, *found = doc_ids
    linked = _linked(index.documents[lead], index)
    around = [*sorted(found, key=lambda doc_id: doc_id not in linked), *(d for d in linked if d not in found)]
    own = filter(None, (_ask(lead, section, language, index) for section in _next_sections(lead, told, index)))
    others = filter(None, (_ask(doc_id, INGRESS, language, index) for doc_id in around))
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


def _ask(doc_id: str, section: str, language: str, index: Index) -> _Candidate | None:
    """The question for the section that reads best alone; None where none reads well."""
    asked = _memory(index).asked
    place = (doc_id, section, language)
    if place not in asked:
        asked[place] = _best_question(doc_id, section, language, index)
    return asked[place]


def _best_question(doc_id: str, section: str, language: str, index: Index) -> _Candidate | None:
    """The first that reads well, those that name the topic before others, then by their share of the guide's words."""
    document = index.documents[doc_id]
    chunks = [chunk for chunk in index.chunks_of[doc_id] if chunk.section == section]
    topic = _content(" ".join((document.title, *document.keywords)))
    said = topic | _content(" ".join(chunk.search_text for chunk in chunks))
    ranked: list[tuple[bool, float, bool, str]] = []
    for question in (q for chunk in chunks for q in chunk.questions if _is_question(q.text, language)):
        content = _content(question.text)
        plain = len(content & said) / max(1, len(content))
        if plain >= _PLAIN or language != "nb":
            ranked.append((topic.isdisjoint(content), -plain, question.statement is not None, question.text))
    best = next((text for *_, text in sorted(ranked) if _reads_well(text, language)), None)
    return _Candidate(chunks[0].section_id, best) if best else None


def _content(text: str) -> set[str]:
    return {stem for stem in stems(text) if len(stem) >= _MIN_STEM}


def _is_question(text: str, language: str) -> bool:
    return len(text) <= _MAX_CHARS and bool(_WELL_FORMED[language].fullmatch(text))


def _reads_well(question: str, language: str) -> bool:
    if detect_language(question) != language or (language == "nb" and _NYNORSK.search(question)):
        return False
    return not is_crisis(question) and find_outside(question) is None


def _memory(index: Index) -> _Memory:
    return _MEMORIES.setdefault(index, _Memory())


def _answered(candidates: Sequence[_Candidate], index: Index, embedder: Embedder) -> list[str]:
    """The questions whose section answers them best when they are asked, where the guide is sure to know."""
    seen = _memory(index).answered_by
    new = {c.question: understand([c.question]) for c in candidates if c.question not in seen}
    for (question, query), found in zip(new.items(), retrieve_all(index, embedder, [*new.values()]), strict=True):
        is_known = gather(query, found, index).sufficiency is Sufficiency.KNOWN
        seen[question] = found.hits[0].chunk.section_id if is_known else None
    return [candidate.question for candidate in candidates if seen[candidate.question] == candidate.section]
