"""What can't be answered → why not, what is nearest in the guide, and whom to ask; never a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.cite import cite
from assistant.crisis import help_numbers
from assistant.evidence import Evidence, Sufficiency
from assistant.intent import is_small_talk
from assistant.office import find_office, fit_documents
from assistant.outside import Outside
from assistant.render import render
from assistant.retrieve import Found
from assistant.screen import MAX_CHARS, Screened
from assistant.suggest import also_read, suggest
from assistant.texts import say
from assistant.types import Answer, Query, Status
from assistant.warn import bare_title, join_names
from index.analyse import stems
from index.document import Document
from index.embed import Embedder
from index.load import Index

_TOPICS = 2
_NEAR_FROM = 2.2  # fit below which a topic is not worth naming
_SECOND = 0.6  # of the nearest topic's fit, which the second must have
_SAME_TITLE = 0.6  # share of the shorter title's stems from which two documents are about the same
_ANYONE = "aktorer/altinn"  # guides anyone who starts or runs an enterprise, when no office fits better
_DOCTOR = "116 117"  # how the line to quote on health is known


def refuse_input(screened: Screened, language: str) -> Answer | None:
    """The answer to what can't be searched for: nothing, too much, or only personal data."""
    if screened.is_too_long:
        return Answer("", Status.BLOCKED, say(language, "too_long", limit=MAX_CHARS), language)
    says_nothing = screened.is_empty or is_small_talk(screened.text)
    if says_nothing and screened.found:
        text = say(language, "personal_data_only", found=name_found(screened.found, language))
        return Answer("", Status.PERSONAL_DATA, text, language)
    if screened.is_empty:
        return Answer("", Status.CLARIFY, say(language, "empty"), language)
    if says_nothing:
        return Answer("", Status.CLARIFY, say(language, "small_talk"), language)
    return None


def name_found(kinds: Sequence[str], language: str) -> str:
    """The kinds of personal data that screening took out, as one phrase in the language of the answer."""
    return join_names([say(language, f"found_{kind.replace('-', '')}") for kind in kinds], language)


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
    fit = fit_documents(query.text, found, index)
    topics = _near_topics(fit, outside, index)
    office = find_office(query, fit, index)
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
