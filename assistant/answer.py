"""The story of an answer, in order: screen, understand, retrieve, gather evidence, write, verify, cite, or refuse."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.cite import cite
from assistant.compose import compose, render
from assistant.crisis import help_numbers, is_crisis
from assistant.evidence import Evidence, Sufficiency, gather
from assistant.generate import Generated, Generator
from assistant.outside import Outside, find_outside
from assistant.refuse import must_refuse, refuse, refuse_input
from assistant.retrieve import retrieve
from assistant.schemes import list_whole
from assistant.screen import screen
from assistant.suggest import add_next
from assistant.texts import say
from assistant.types import Answer, Citation, Query, Receipt, Status
from assistant.understand import detect_language, understand
from assistant.verify import verify
from assistant.warn import warn
from index.embed import Embedder
from index.load import Index

_QUOTERS = ("extractive", "cards")  # generators that write in the words of the guide, which are Norwegian


@dataclass(frozen=True)
class Engine:
    """What answering needs: one index version, the model that built it, and a language model where there is one."""

    index: Index
    embedder: Embedder
    generator: Generator | None = None


def answer(engine: Engine, turns: Sequence[str], today: date | None = None) -> Answer:
    """The answer to the last of `turns`; every sentence of it is cited and verified, or it is a refusal."""
    clock, index, today = _Clock(), engine.index, today or date.today()
    screened = [screen(turn) for turn in turns]
    asked = screened[-1]
    if refusal := refuse_input(asked, detect_language(asked.text)):
        return refusal
    query = understand([turn.text for turn in screened if turn.text])
    found = retrieve(index, engine.embedder, query)
    evidence = gather(query, found, index)
    clock.lap("retrieve")
    in_danger = is_crisis(asked.text)
    outside = None if in_danger else find_outside(asked.text)
    listed = help_numbers(query.language, index.catalog) if in_danger else None
    if listed is None and outside in (None, Outside.GENERAL):
        listed = list_whole(query, index.catalog)
    if listed is None:
        written = Generated("extractive", []) if must_refuse(outside, evidence) else _write(engine, query, evidence)
    else:
        written = Generated("cards", listed)
    drafts, removed = verify(written.drafts)
    text, cited = render(drafts)
    citations = cite(cited, index.catalog.sources, query.language, today)
    clock.lap("compose")
    if any(citation.verified for citation in citations):
        is_sure = listed is not None or evidence.sufficiency is not Sufficiency.PARTLY
        result = _tell(query, text, citations, is_sure, written, index, today)
        if not in_danger:
            result = add_next(result, query, evidence, index, engine.embedder)
    else:
        result = refuse(query, outside, found, evidence, index, engine.embedder, today)
    clock.lap("suggest")
    return replace(
        _note_removed(result, asked.found),
        id=_answer_id(engine, query),
        understood=query.text if query.is_follow_up else None,
        receipt=_receipt(engine, clock, evidence, removed + written.removed, written),
    )


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
    warnings = warn(citations, index.documents, index.catalog.sources, language, today)
    frame = say(language, "norwegian_quotes") if written.generator in _QUOTERS else ""
    return Answer(
        "",
        Status.ANSWERED if is_sure else Status.PARTIAL,
        "\n\n".join(part for part in (lead, text, *warnings, frame) if part),
        language,
        citations=tuple(citations),
        warnings=tuple(warnings),
    )


def _note_removed(result: Answer, found: Sequence[str]) -> Answer:
    """The answer, and that personal data was taken out of the question where it was."""
    if not found:
        return result
    note = say(result.language, "personal_data_removed", found=", ".join(found))
    return replace(result, text=f"{result.text}\n\n{note}", warnings=(note, *result.warnings))


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
