"""Citations → the source list: one entry per passage and source, with every quote from there."""

from collections.abc import Sequence

from assistant.describe import describe_day, describe_flags, describe_period
from assistant.export.blocks import Span, Spans, join_lines
from assistant.language import GUIDE
from assistant.texts import say
from assistant.types import Citation, SourceRef
from assistant.web import is_web_address
from index.statements import plain


def group_citations(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Those of the same passage with the same sources and age together, in the order that they are first used."""
    groups: dict[object, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(_origin(citation), []).append(citation)
    return list(groups.values())


def _origin(c: Citation) -> object:
    """All that an entry tells beside its quotes."""
    age = (c.valid_from, c.valid_to, c.undated, c.checked, c.stale, c.confirmed)
    return c.doc_id, c.title, c.heading_path, c.doc_class, tuple(source.id for source in c.sources), age


def describe_sources(citations: Sequence[Citation], language: str, is_numbered: bool) -> Spans:
    """One group as an entry: the passage and its class, the quotes, the sources, and its age.

    Each of several quotes has its number before it where `is_numbered`.
    """
    first = citations[0]
    place = " › ".join((first.title, *first.heading_path[1:]))
    quotes = {plain(citation.quote): citation.n for citation in reversed(citations)}
    lines: list[Spans] = [
        (Span(place, is_bold=True, language=GUIDE), Span(f" · {say(language, f'class_{first.doc_class}')}")),
        *(
            (*((Span(f"[{n}] "),) if is_numbered and len(quotes) > 1 else ()), Span(f"«{quote}»", language=GUIDE))
            for quote, n in reversed(quotes.items())
        ),
        *map(_describe_source, first.sources),
        _describe_age(first, language),
    ]
    return join_lines(lines)


def _describe_source(source: SourceRef) -> Spans:
    label = ": ".join(dict.fromkeys((source.publisher, source.title)))  # some have one name for both
    if source.url and is_web_address(source.url):
        return (Span(f"{label}, "), Span(source.url, href=source.url))
    return (Span(label),)


def _describe_age(citation: Citation, language: str) -> Spans:
    """Its period and when it was checked, and in bold what to be careful with."""
    told = [
        describe_period(citation, language),
        say(language, "source_checked", date=describe_day(citation.checked, language)),
    ]
    notes = [Span(" · ".join(filter(None, told)))]
    for doubt in describe_flags(citation, language):
        notes += [Span(" · "), Span(doubt, is_bold=True)]
    return tuple(notes)
