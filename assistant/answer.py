"""The story of an answer, in order: screen, understand, retrieve, gather evidence, write, verify, cite."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.cite import cite, warn
from assistant.compose import compose, documents_used, near_titles, render
from assistant.crisis import help_numbers, is_crisis
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.generate import Generated, Generator
from assistant.retrieve import retrieve
from assistant.schemes import list_whole
from assistant.screen import MAX_CHARS, Screened, screen
from assistant.texts import say
from assistant.types import AlsoRead, Answer, Query, Receipt, Status
from assistant.understand import detect_language, understand
from assistant.verify import verify
from index.embed import Embedder
from index.load import Index

_MAX_ALSO_READ = 4
_MAX_FOLLOW_UPS = 3
_FOLLOWED = 6  # documents whose questions may be suggested
_NEAR_TOPICS = 2


@dataclass(frozen=True)
class Engine:
    """What answering needs: one index version, the model that built it, and a language model where there is one."""

    index: Index
    embedder: Embedder
    generator: Generator | None = None


def answer(engine: Engine, turns: Sequence[str], today: date | None = None) -> Answer:
    """The answer to the last of `turns`; every sentence of it is cited and verified, or it is a refusal."""
    clock = _Clock()
    screened = [screen(turn) for turn in turns]
    language = detect_language(screened[-1].text)
    if refusal := _refuse_input(screened[-1], language):
        return refusal
    query = understand([turn.text for turn in screened if turn.text])
    evidence = gather(query, retrieve(engine.index, engine.embedder, query), engine.index)
    clock.lap("retrieve")
    listed = help_numbers(query.language, engine.index.catalog) if is_crisis(screened[-1].text) else None
    if listed is None:
        listed = list_whole(query, engine.index.catalog)
    if listed is None and evidence.sufficiency in (Sufficiency.UNKNOWN, Sufficiency.OUT_OF_SCOPE):
        return _refuse(engine, query, evidence, clock)
    written = _write(engine, query, evidence) if listed is None else Generated("cards", listed)
    drafts, removed = verify(written.drafts)
    clock.lap("compose")
    text, cited = render(drafts)
    documents = engine.index.documents
    citations = cite(cited, engine.index.catalog.sources, query.language, today or date.today())
    if not any(citation.verified for citation in citations):
        return _refuse(engine, query, evidence, clock)
    warnings = warn(citations, documents, query.language, today or date.today())
    if screened[-1].found:
        warnings.insert(0, say(query.language, "personal_data_removed", found=", ".join(screened[-1].found)))
    partial = listed is None and evidence.sufficiency is Sufficiency.PARTLY
    lead = say(query.language, "partial") if partial else ""
    frame = say(query.language, "model_words" if written.own_words else "norwegian_quotes")
    return Answer(
        id=_answer_id(engine, query),
        status=Status.PARTIAL if partial else Status.ANSWERED,
        text="\n\n".join(part for part in (lead, text, *warnings, frame) if part),
        language=query.language,
        citations=tuple(citations),
        warnings=tuple(warnings),
        follow_ups=_follow_ups(engine.index, evidence, query),
        also_read=_also_read(engine.index, evidence, documents_used(drafts)),
        understood=query.text if query.is_follow_up else None,
        receipt=_receipt(engine, clock, evidence, removed + written.removed, written),
    )


def _write(engine: Engine, query: Query, evidence: Evidence) -> Generated:
    """The drafts of the language model where there is one and it answers, else of the extractive composer."""
    extracted = compose(query, evidence, engine.index, engine.embedder)
    if engine.generator is None:
        return Generated("extractive", extracted)
    return engine.generator.write(query, extracted, evidence, engine.index)


def _refuse_input(screened: Screened, language: str) -> Answer | None:
    """The answer to what can't be searched for: nothing, too much, or only personal data."""
    if screened.is_too_long:
        return Answer("", Status.BLOCKED, say(language, "too_long", limit=MAX_CHARS), language)
    if screened.is_empty and screened.found:
        text = say(language, "personal_data_only", found=", ".join(screened.found))
        return Answer("", Status.PERSONAL_DATA, text, language)
    if screened.is_empty:
        return Answer("", Status.CLARIFY, say(language, "empty"), language)
    return None


def _refuse(engine: Engine, query: Query, evidence: Evidence, clock: "_Clock") -> Answer:
    """Not knowing, said plainly: outside the guide's field, or inside it and not there, with what is nearest."""
    receipt = _receipt(engine, clock, evidence, 0, Generated("extractive", []))
    understood = query.text if query.is_follow_up else None
    if evidence.sufficiency is Sufficiency.OUT_OF_SCOPE:
        text, status = say(query.language, "out_of_scope"), Status.OUT_OF_SCOPE
        also_read: tuple[AlsoRead, ...] = ()
    else:
        topics = near_titles(evidence.documents, engine.index, _NEAR_TOPICS)
        near = say(query.language, "no_evidence_near", topics=" · ".join(f"«{topic}»" for topic in topics))
        text = f"{say(query.language, 'no_evidence')} {near}"
        status, also_read = Status.NO_EVIDENCE, _also_read(engine.index, evidence, set())
    return Answer(
        _answer_id(engine, query),
        status,
        text,
        query.language,
        also_read=also_read,
        understood=understood,
        receipt=receipt,
    )


def _also_read(index: Index, evidence: Evidence, used: set[str]) -> tuple[AlsoRead, ...]:
    return tuple(
        AlsoRead(hit.chunk.chunk_id, hit.chunk.doc_id, index.documents[hit.chunk.doc_id].title)
        for hit in evidence.documents
        if hit.chunk.doc_id not in used
    )[:_MAX_ALSO_READ]


def _follow_ups(index: Index, evidence: Evidence, query: Query) -> tuple[str, ...]:
    """Questions that the nearest documents answer, in the language of this one."""
    documents = index.documents
    chosen: list[str] = []
    for hit in evidence.documents[:_FOLLOWED]:
        asked = documents[hit.chunk.doc_id].questions
        same = [q for q in asked if q.endswith("?") and detect_language(q) == query.language and q != query.text]
        chosen += same[:1]
    return tuple(dict.fromkeys(chosen))[:_MAX_FOLLOW_UPS]


def _receipt(engine: Engine, clock: "_Clock", evidence: Evidence, removed: int, written: Generated) -> Receipt:
    manifest = engine.index.manifest
    return Receipt(
        corpus=manifest.corpus,
        index=manifest.version,
        embedding=f"{manifest.model}@{manifest.model_fingerprint}",
        generator=written.generator,
        removed=removed,
        known=round(evidence.known, 4),
        timings_ms=clock.timings(),
        note=written.note,
    )


def _answer_id(engine: Engine, query: Query) -> str:
    """The same for the same question to the same version, so that an answer can be named and found again."""
    return hashlib.sha256(f"{engine.index.manifest.version}\n{query.text}".encode()).hexdigest()[:16]


class _Clock:
    """Milliseconds per step, and in all."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 2)
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self._laps, "total": round((time.perf_counter() - self._started) * 1000, 2)}
