"""An answer → HTML: its text with links on `[n]`, and its sources with the quoted words marked."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from assistant.texts import say
from assistant.types import Answer, Citation
from index.catalog import Catalog
from index.statements import plain
from index.types import Chunk

_MARK = re.compile(r"\[(\d+)\]")
_CELL = re.compile(r"(?<!\\)\|")  # the border of a table's cell
_LEAD = re.compile(r"- \*\*(?P<name>.+?):\*\* ")
_MARKUP = re.compile(r"[\[\]()!`*_~|\\]")
_SAFE_URL = re.compile(r"https?://[^\s\"'<>]+")
_UI = "nb"
_DOWNLOADS = {"docx": "Word", "md": "Markdown"}


def link_marks(text: str, turn: int) -> str:
    """The answer as Markdown whose `[n]` point to the source cards of this turn.

    The borders of a table and the bold name that leads an item stay; any other markup in it is literal.
    """
    return "\n".join(_link_line(line, turn) for line in text.split("\n"))


def _link_line(line: str, turn: int) -> str:
    if line.startswith("| "):
        return "|".join(_link(cell.replace("\\|", "|"), turn) for cell in _CELL.split(line))
    if lead := _LEAD.match(line):
        return f"- **{_literal(lead['name'])}:** {_link(line[lead.end() :], turn)}"
    return _link(line, turn)


def _link(text: str, turn: int) -> str:
    parts = _MARK.split(text)  # text and numbers in turn
    return "".join(
        f'<a class="cite" href="#kilde-{turn}-{part}">[{part}]</a>' if place % 2 else _literal(part)
        for place, part in enumerate(parts)
    )


def _literal(text: str) -> str:
    """The text with HTML and every sign that Markdown reads as a link, picture, code or emphasis as entities."""
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", escape(text, quote=False))


def render_sources(answer: Answer, catalog: Catalog, turn: int) -> str:
    """One card per passage, with its quotes, its sources and its age; then what else to read."""
    chunks = {chunk.chunk_id: chunk for chunk in catalog.chunks}
    texts = {document.doc_id: document.text for document in catalog.documents}
    in_order = sorted(answer.citations, key=lambda c: (_first(c, answer.citations), c.n))
    cards = [
        _card(list(citations), chunks[chunk_id], texts, turn)
        for chunk_id, citations in groupby(in_order, key=lambda c: c.chunk_id)
    ]
    also = "".join(f"<li>{escape(item.title)}</li>" for item in answer.also_read)
    if also:
        cards.append(f'<div class="also"><h3>{say(_UI, "page_also_read")}</h3><ul>{also}</ul></div>')
    ask = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in answer.follow_ups
    )
    if ask:
        cards.append(f'<div class="also"><h3>{say(_UI, "ask_next")}</h3><ul class="ask">{ask}</ul></div>')
    return f'<section class="turn" id="kilder-{turn}">{"".join(cards)}</section>'


def _first(citation: Citation, citations: Sequence[Citation]) -> int:
    """The number of the first citation of the same passage: passages stand in the order they are used."""
    return next(other.n for other in citations if other.chunk_id == citation.chunk_id)


def _card(citations: Sequence[Citation], chunk: Chunk, texts: Mapping[str, str], turn: int) -> str:
    first = citations[0]
    numbers = "".join(f'<span class="number" id="kilde-{turn}-{c.n}">{c.n}</span>' for c in citations)
    path = " › ".join(escape(heading) for heading in first.heading_path[1:])
    return f"""<details class="source {first.doc_class}" open>
<summary>{numbers} <span class="title">{escape(first.title)}</span>
<span class="path">{path}</span><span class="class">{say(_UI, f"class_{first.doc_class}")}</span></summary>
{_passage(citations, chunk, texts[chunk.doc_id])}
{_downloads(first)}<ul class="facts">{_facts(citations)}</ul></details>"""


def _downloads(citation: Citation) -> str:
    """Where the template of a cited document can be had."""
    if citation.doc_class != "mal":
        return ""
    links = (f'<a href="/{citation.doc_id}.{kind}" download>{name}</a>' for kind, name in _DOWNLOADS.items())
    return f'<p class="download">{say(_UI, "download_template")}: {" · ".join(links)}</p>'


def _passage(citations: Sequence[Citation], chunk: Chunk, text: str) -> str:
    quoted = {citation.start: citation.n for citation in citations}
    lines = []
    for statement in chunk.statements:
        words = escape(plain(text[statement.start : statement.end]))
        number = quoted.get(statement.start)
        lines.append(f"<p><mark>{words}</mark></p>" if number else f"<p>{words}</p>")
    return f'<div class="passage">{"".join(lines)}</div>'


def _facts(citations: Sequence[Citation]) -> str:
    """One line per different origin: which quotes it stands behind, and how old it is."""
    lines: dict[str, list[int]] = {}
    for citation in citations:
        lines.setdefault(_fact(citation), []).append(citation.n)
    return "".join(f"<li><b>{', '.join(map(str, numbers))}</b> {line}</li>" for line, numbers in lines.items())


def _fact(citation: Citation) -> str:
    origin = "; ".join(_origin(s.publisher, s.title, s.url) for s in citation.sources)
    notes = [describe_period(citation), say(_UI, "source_checked", date=citation.checked)]
    flags = []
    if citation.stale:
        flags.append(say(_UI, "source_stale"))
    if not citation.confirmed:
        flags.append(say(_UI, "source_unconfirmed"))
    marked = "".join(f'<strong class="flag">{flag}</strong>' for flag in flags)
    return f"{origin} <span>{' · '.join(note for note in notes if note)}</span>{marked}"


def _origin(publisher: str, title: str, url: str | None) -> str:
    label = f"{escape(publisher)}: {escape(title)}"
    if url and _SAFE_URL.fullmatch(url):
        return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{label}</a>'
    return label


def describe_period(citation: Citation) -> str:
    """When the fact is known to hold, in words; empty for advice, which has no period."""
    if citation.undated:
        return say(_UI, "source_undated")
    start, end = citation.valid_from, citation.valid_to
    if start and end:
        years = (start.year, end.year)
        span = str(start.year) if years[0] == years[1] else say(_UI, "source_between", start=years[0], end=years[1])
    elif start:
        span = say(_UI, "source_from", start=start if (start.month, start.day) != (1, 1) else start.year)
    elif end:
        span = say(_UI, "source_until", end=end.year)
    else:
        return ""
    return f"{say(_UI, 'source_known')} {span}"
