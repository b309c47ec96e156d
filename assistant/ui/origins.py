"""Citations and source marks → where a passage comes from, how old that is and what to be careful with, as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from assistant.cite import source_ref
from assistant.describe import describe_day, describe_flags, describe_period, describe_span
from assistant.texts import say
from assistant.types import Citation, SourceRef
from assistant.ui.original import find_original
from assistant.ui.passage import guide_language
from index.catalog import Catalog
from index.statements import plain
from index.types import ADVICE, UNCONFIRMED, Chunk


@dataclass(frozen=True)
class Origin:
    """Where something comes from, with its age and certainty in words; `numbers` and `quotes` are what rests on it."""

    sources: tuple[SourceRef, ...]
    period: str
    flags: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()


def origins_of(citations: Iterable[Citation], language: str) -> tuple[Origin, ...]:
    """One for each different origin, with the citations that rest on it."""
    resting: dict[Origin, list[Citation]] = {}
    for c in citations:
        origin = Origin(c.sources, describe_period(c, language), tuple(describe_flags(c, language)))
        resting.setdefault(origin, []).append(c)
    return tuple(
        replace(origin, numbers=tuple(c.n for c in some), quotes=tuple(plain(c.quote) for c in some))
        for origin, some in resting.items()
    )


def origins_in(chunk: Chunk, catalog: Catalog, language: str) -> tuple[Origin, ...]:
    """One for each different source mark of a passage that nothing cites."""
    marks = dict.fromkeys(mark for statement in chunk.statements for mark in statement.marks)
    return tuple(
        Origin((), "", (say(language, "source_unconfirmed"),))
        if mark.source_id == UNCONFIRMED
        else Origin((source_ref(mark, catalog.sources, language),), describe_span(mark.period, language), ())
        for mark in marks
    )


def render_age(origins: Sequence[Origin], checked: date, language: str) -> str:
    """When it is known to hold and when it was last checked, on one short line."""
    day = describe_day(checked, language)
    periods = list(dict.fromkeys(origin.period for origin in origins if origin.period))
    if not periods:
        return say(language, "source_checked", date=day)
    known = say(language, "source_periods") if len(periods) > 1 else periods[0]
    return f"{known} · {say(language, 'source_checked_then', date=day)}"


def render_flags(origins: Sequence[Origin]) -> str:
    """Each thing to be careful with, once."""
    flags = dict.fromkeys(flag for origin in origins for flag in origin.flags)
    return "".join(f' <span class="flag">{flag}</span>' for flag in flags)


def render_origins(origins: Sequence[Origin], language: str) -> str:
    """A list with a line for each: its sources with links, and its age; empty without any.

    Where there are several, each also tells which citations it stands behind and what to be careful with; of a single
    one the summary of the card has told that already.
    """
    lines = [_origin(origin, language) for origin in origins]
    if len(origins) > 1:
        lines = [
            f"{_numbers(origin)}{line}{render_flags([origin])}" for origin, line in zip(origins, lines, strict=True)
        ]
    return f'<ul class="facts">{"".join(f"<li>{line}</li>" for line in lines if line)}</ul>' if any(lines) else ""


def _numbers(origin: Origin) -> str:
    return f'<b class="for">{", ".join(map(str, origin.numbers))}</b> ' if origin.numbers else ""


def _origin(origin: Origin, language: str) -> str:
    sources = "; ".join(render_source(source, origin.quotes, language) for source in origin.sources)
    period = f' <span class="age">{origin.period}</span>' if origin.period else ""
    return sources + period


def render_source(source: SourceRef, quotes: Sequence[str], language: str) -> str:
    """`Publisher: title`, the title as a link to the original where that has an address."""
    if source.id == ADVICE:  # our own words, which the answer may have said in another language
        return f"{say(language, 'advice_publisher')}: {say(language, 'advice_title')}"
    guide = guide_language(language)
    title = escape(source.title)
    if original := find_original(source, quotes):
        section = f", § {escape(original.section)}" if original.section else ""
        opens = f'<span class="sr-only"> ({say(language, "source_new_tab")})</span>'
        title = (
            f'<a href="{escape(original.address)}" target="_blank" rel="noopener noreferrer"><span{guide}>{title}'
            f"{section}</span>{opens}</a>"
        )
    elif guide:
        title = f"<span{guide}>{title}</span>"
    return f'<span class="publisher"{guide}>{escape(source.publisher)}</span>: {title}'
