"""The story of an answer, in order: screen, understand, retrieve, gather evidence, write, verify, cite."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from assistant.cite import cite
from assistant.compose import compose, put_answer_first
from assistant.conversation.names import NO_NAMES, Names, read_names, short_title
from assistant.conversation.rewrite import rewrite
from assistant.crisis import help_numbers, is_crisis, touches_crisis
from assistant.eligibility.assess import assess
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.fit import each
from assistant.generate import Generated, Generator, LanguageModel
from assistant.language import detect_language
from assistant.lists.whole import list_whole
from assistant.narrow import judge, narrow, settle, warn_unfit
from assistant.office import point_to_office
from assistant.outside import Outside, find_outside
from assistant.refuse import must_refuse, name_found, refuse, refuse_input
from assistant.render import render
from assistant.retrieve import Found, retrieve
from assistant.screen import Screened, screen
from assistant.suggest import add_next
from assistant.texts import say
from assistant.types import NO_FILTERS, Answer, Citation, Filters, Query, Receipt, Status
from assistant.understand import understand
from assistant.verify import verify
from assistant.warn import warn
from index.embed import Embedder
from index.load import Index


@dataclass(frozen=True)
class Engine:
    """What answering needs: one index version, the model that built it, and a language model where there is one."""

    index: Index
    embedder: Embedder
    generator: Generator | None = None

    @cached_property
    def names(self) -> Names:
        """What the guide has names for."""
        return read_names(self.index.catalog)


def answer(engine: Engine, turns: Sequence[str], today: date | None = None, filters: Filters = NO_FILTERS) -> Answer:
    """The answer to the last of `turns`; every sentence of it is cited and verified, or it is a refusal."""
    clock, index, today = _Clock(), engine.index, today or date.today()
    screened = [screen(turn) for turn in turns]
    asked = screened[-1]
    if refusal := refuse_input(asked, detect_language(asked.text)):
        return refusal
    query = understand_turns(engine, [turn.text for turn in screened if turn.text])
    in_danger = is_crisis(asked.text)
    query = replace(query, filters=NO_FILTERS if in_danger else settle(filters, query, index.catalog))
    found = retrieve(index, engine.embedder, query)
    every = gather(query, found, index)
    evidence = narrow(query, found, every, index)
    clock.lap("retrieve")
    outside = None if in_danger else find_outside(asked.text)
    written = _write_whole(engine, query, screened, in_danger, outside, found, every, filters, today)
    is_sure = written is not None or evidence.sufficiency is not Sufficiency.PARTLY
    if written is None:
        written = Generated("extractive", []) if must_refuse(outside, evidence) else _write(engine, query, evidence)
    drafts, removed = verify(written.drafts)
    text, cited = render(drafts)
    citations = cite(cited, index.catalog.sources, query.language, today)
    clock.lap("compose")
    if any(citation.verified for citation in citations):
        result = _tell(query, text, citations, is_sure, written, index, today)
        if not in_danger:
            result = add_next(result, query, evidence, index, engine.embedder)
    else:
        result = refuse(query, outside, found, evidence, index, engine.embedder, today)
    clock.lap("suggest")
    return replace(
        _note(result, asked, in_danger),
        id=_answer_id(engine, query, filters),
        understood=query.text if query.is_follow_up else None,
        receipt=_receipt(engine, clock, evidence, removed + written.removed, written, query.language),
    )


def understand_turns(engine: Engine, turns: Sequence[str]) -> Query:
    """The query of the last turn, with the guide's own names to tell what a follow-up is about."""

    def title_of(question: str) -> str | None:
        asked = understand([question], engine.names)
        evidence = gather(asked, retrieve(engine.index, engine.embedder, asked), engine.index)
        if evidence.sufficiency is not Sufficiency.KNOWN or evidence.hits[0].chunk.doc_class == "historie":
            return None
        return short_title(engine.index.documents[evidence.hits[0].chunk.doc_id].title)

    query = understand(turns, engine.names if len(turns) > 1 else NO_NAMES, title_of)
    if query.is_follow_up and isinstance(engine.generator, LanguageModel):
        return rewrite(query, turns, engine.generator.complete)
    return query


def _write_whole(
    engine: Engine,
    query: Query,
    screened: Sequence[Screened],
    in_danger: bool,
    outside: Outside | None,
    found: Found,
    evidence: Evidence,
    chosen: Filters,
    today: date,
) -> Generated | None:
    """What the guide holds as data: numbers to ring, a whole list, whom to ask, a scheme's conditions; else None."""
    index = engine.index
    if in_danger:
        numbers = help_numbers(query.language, index.catalog)
        return None if numbers is None else Generated("cards", numbers)
    if outside not in (None, Outside.GENERAL):
        return None
    if (listed := list_whole(query, index.catalog, today)) is not None:
        return Generated("cards", listed)
    if (office := point_to_office(query, found, index)) is not None:
        return Generated("cards", office)
    assessed = assess(query, [turn.text for turn in screened], evidence, index, today, chosen)
    if assessed is None:
        return None
    drafts = put_answer_first(assessed.drafts, query, evidence, engine.index, engine.embedder)
    return Generated("cards", drafts, closing=assessed.closing, heeded=assessed.heeded)


def _write(engine: Engine, query: Query, evidence: Evidence) -> Generated:
    """The drafts of the language model where there is one and it answers, else of the extractive composer."""
    extracted = compose(query, evidence, engine.index, engine.embedder)
    if engine.generator is None:
        return Generated("extractive", extracted)
    return engine.generator.write(query, extracted, evidence, engine.index)


def _tell(
    query: Query,
    text: str,
    citations: Sequence[Citation],
    is_sure: bool,
    written: Generated,
    index: Index,
    today: date,
) -> Answer:
    """The sentences in their frame: a reservation before them, warnings and a word on their language after them."""
    language = query.language
    lead = "" if is_sure else say(language, "partial")
    used, unfit = written.heeded, NO_FILTERS
    if used is None:
        used, unfit = judge(query.filters, [citation.doc_id for citation in citations], index.catalog)
    warnings = [
        *warn_unfit(unfit, language),
        *warn(citations, index.documents, index.catalog.sources, language, today),
    ]
    frame = say(language, "model_words" if written.own_words else "norwegian_quotes")
    return Answer(
        "",
        Status.ANSWERED if is_sure else Status.PARTIAL,
        "\n\n".join(part for part in (lead, text, written.closing, *warnings, frame) if part),
        language,
        citations=tuple(citations),
        warnings=tuple(warnings),
        filters=used,
    )


def _note(result: Answer, asked: Screened, in_danger: bool) -> Answer:
    """The answer, and what the asker must know whatever it says: personal data removed, and where help is."""
    found = name_found(asked.found, result.language) if asked.found else ""
    notes = [say(result.language, "personal_data_removed", found=found)] if found else []
    if touches_crisis(asked.text) and not in_danger:
        notes.append(say(result.language, "crisis_theme"))
    return replace(result, text="\n\n".join((result.text, *notes)), warnings=(*notes, *result.warnings))


def _receipt(
    engine: Engine, clock: "_Clock", evidence: Evidence, removed: int, written: Generated, language: str
) -> Receipt:
    manifest = engine.index.manifest
    notes = (written.note, say(language, "search_away") if engine.index.passages.fault else None)
    return Receipt(
        corpus=manifest.corpus,
        index=manifest.version,
        embedding=f"{manifest.model}@{manifest.model_fingerprint}",
        generator=written.generator,
        removed=removed,
        known=round(evidence.known, 4),
        timings_ms=clock.timings(),
        note=" ".join(filter(None, notes)) or None,
    )


def _answer_id(engine: Engine, query: Query, filters: Filters) -> str:
    """The same for the same question and filters to the same version, so that an answer can be found again."""
    chosen = [f"{kind}={value}" for kind, value in each(filters)]
    asked = "\n".join((engine.index.manifest.version, query.text, *chosen))
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


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
