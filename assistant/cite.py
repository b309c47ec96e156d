"""Quoted sentences → citations with their sources, period and age, and the warnings that age calls for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.texts import say
from assistant.types import Citation, Draft, SourceRef
from assistant.verify import is_supported, quote_of
from index.document import Document
from index.registry import Source
from index.types import ADVICE, UNCONFIRMED, Mark

# Only these say what holds now; a story or a template that is old is not wrong for that.
_RULE_CLASSES = ("regel", "veiledning")


def cite(cited: Sequence[Draft], sources: Mapping[str, Source], language: str, today: date) -> list[Citation]:
    """One citation per quoted draft, numbered from 1."""
    return [
        _citation(number, draft, sources, language, today)
        for number, draft in enumerate(cited, 1)
        if draft.passage is not None and draft.statement is not None
    ]


def _citation(n: int, draft: Draft, sources: Mapping[str, Source], language: str, today: date) -> Citation:
    passage, statement = draft.passage, draft.statement
    if passage is None or statement is None:
        raise ValueError("a citation needs a passage and a statement")
    document, chunk = passage.document, passage.chunk
    quote = quote_of(draft)
    newest = _newest(statement.marks)
    past = newest.period.end is not None and newest.period.end < today
    is_fact = newest.source_id != ADVICE
    return Citation(
        n=n,
        doc_id=document.doc_id,
        chunk_id=chunk.chunk_id,
        title=document.title,
        heading_path=chunk.heading_path,
        doc_class=document.doc_class,
        quote=quote,
        start=statement.start,
        end=statement.end,
        verified=document.text[statement.start : statement.end] == quote and is_supported(draft.text, quote),
        sources=tuple(_source(mark, sources, language) for mark in statement.marks if mark.source_id != UNCONFIRMED),
        valid_from=newest.period.start,
        valid_to=newest.period.end,
        undated=newest.period.undated,
        checked=document.checked,
        stale=is_fact and document.doc_class in _RULE_CLASSES and (past or document.review_by < today),
        confirmed=any(mark.source_id != UNCONFIRMED for mark in statement.marks),
    )


def _newest(marks: Sequence[Mark]) -> Mark:
    """The mark that is known longest: open ends last, undated first; a source counts before our own word."""
    sources = [mark for mark in marks if mark.source_id not in (ADVICE, UNCONFIRMED)]
    return max(
        sources or marks, key=lambda m: (not m.period.undated, m.period.end or date.max, m.period.start or date.min)
    )


def _source(mark: Mark, sources: Mapping[str, Source], language: str) -> SourceRef:
    if mark.source_id == ADVICE:
        return SourceRef(ADVICE, say(language, "advice_publisher"), say(language, "advice_title"), None)
    source = sources[mark.source_id]
    return SourceRef(source.source_id, source.publisher, source.title, source.url)


def warn(citations: Sequence[Citation], documents: Mapping[str, Document], language: str, today: date) -> list[str]:
    """What the reader must know about the age and certainty of the cited facts, each said once."""
    warnings: list[str] = []
    stale = [c for c in citations if c.stale]
    ended = [c for c in stale if c.valid_to is not None and c.valid_to < today]
    if ended:
        facts = [c for c in citations if any(source.id != ADVICE for source in c.sources)]
        by_year: dict[int, list[Citation]] = {}
        for citation in sorted(ended, key=lambda c: c.valid_to or date.min):
            by_year.setdefault(citation.valid_to.year if citation.valid_to else 0, []).append(citation)
        key = "known_until" if len(by_year) == 1 and len(ended) == len(facts) else "part_known_until"
        until = "; ".join(f"{year} {_marks(cited)}" for year, cited in by_year.items())
        year = until if key == "part_known_until" else next(iter(by_year))
        warnings.append(say(language, key, year=year, who=_publisher(ended, language)))
    for doc_id in dict.fromkeys(c.doc_id for c in stale if documents[c.doc_id].review_by < today):
        document = documents[doc_id]
        who = _publisher([c for c in stale if c.doc_id == doc_id], language)
        warnings.append(say(language, "review_passed", title=document.title, date=document.review_by, who=who))
    rules = [c for c in citations if c.undated and c.doc_class in _RULE_CLASSES]
    if rules:
        warnings.append(say(language, "undated", marks=_marks(rules), who=_publisher(rules, language)))
    if unconfirmed := [c for c in citations if not c.confirmed]:
        warnings.append(say(language, "unconfirmed", marks=_marks(unconfirmed)))
    return warnings


def _publisher(citations: Sequence[Citation], language: str) -> str:
    """Whom to ask: the publisher that stands behind most of the cited rules; for a guide text, its source."""
    names = Counter(s.publisher for c in citations if c.doc_class == "regel" for s in c.sources if s.url)
    return names.most_common(1)[0][0] if names else say(language, "the_source")


def _marks(citations: Sequence[Citation]) -> str:
    return ", ".join(f"[{citation.n}]" for citation in citations)
