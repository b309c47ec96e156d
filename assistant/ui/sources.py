"""The sources of an answer → HTML: each cited passage in its surroundings, its origin and age; then what to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.describe import describe_day
from assistant.texts import say
from assistant.types import Answer, Citation
from assistant.ui.origins import Origin, origins_in, origins_of, render_age, render_flags, render_origins
from assistant.ui.passage import Quotes, guide_language, render_passage
from index.catalog import Catalog
from index.document import Document
from index.statements import plain
from index.types import INGRESS, Chunk

_DOWNLOADS = {"docx": "Word", "md": "Markdown"}
_UNDER = ' <span aria-hidden="true">›</span> '


@dataclass(frozen=True)
class _Card:
    """A passage to show, and what it comes from; `numbers` are the citations of it, if any."""

    document: Document
    chunk: Chunk
    around: tuple[Chunk, ...]
    origins: tuple[Origin, ...]
    numbers: tuple[int, ...] = ()


def render_sources(answer: Answer, catalog: Catalog, turn: int, language: str) -> str:
    """One card per cited passage, in order of first use, then what else to read; empty where there is neither.

    `turn` is the number of the question in the conversation, and `language` the page's.
    """
    quotes = _quotes(answer.citations)
    cited, also = _make_cards(answer, catalog, language)
    parts = {
        "page_sources": [_render(card, quotes, turn, language, place == 0) for place, card in enumerate(cited)],
        "page_also_read": [_render(card, quotes, turn, language, False) for card in also],
    }
    html, anchor = "", f' id="kilder-{turn}"'  # the first heading names the section
    for key, cards in parts.items():
        if cards:
            html += f"<h3{anchor}>{say(language, key)}</h3>{''.join(cards)}"
            anchor = ""
    return f'<section class="sources" aria-labelledby="kilder-{turn}">{html}</section>' if html else ""


def _make_cards(answer: Answer, catalog: Catalog, language: str) -> tuple[list[_Card], list[_Card]]:
    """The cited passages in order of first use, and the others."""
    passages: dict[str, list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.n):
        passages.setdefault(citation.chunk_id, []).append(citation)
    wanted = [*passages, *(item.chunk_id for item in answer.also_read if item.chunk_id not in passages)]
    chunks = {chunk.chunk_id: chunk for chunk in catalog.chunks if chunk.chunk_id in wanted}
    doc_ids = {chunk.doc_id for chunk in chunks.values()}
    documents = {document.doc_id: document for document in catalog.documents if document.doc_id in doc_ids}
    around: dict[str, list[Chunk]] = {doc_id: [] for doc_id in doc_ids}
    for chunk in catalog.chunks:
        if chunk.doc_id in doc_ids:
            around[chunk.doc_id].append(chunk)
    cards = []
    for chunk_id in wanted:
        chunk, cited = chunks[chunk_id], passages.get(chunk_id, [])
        origins = origins_of(cited, language) if cited else origins_in(chunk, catalog, language)
        numbers = tuple(citation.n for citation in cited)
        cards.append(_Card(documents[chunk.doc_id], chunk, tuple(around[chunk.doc_id]), origins, numbers))
    return cards[: len(passages)], cards[len(passages) :]


def _quotes(citations: Iterable[Citation]) -> dict[str, dict[tuple[int, int], str]]:
    """By document: each quoted place and its numbers."""
    quotes: dict[str, dict[tuple[int, int], str]] = {}
    for c in citations:
        places = quotes.setdefault(c.doc_id, {})
        place = (c.start, c.end)
        places[place] = f"{places[place]}, {c.n}" if place in places else str(c.n)
    return quotes


def _render(card: _Card, quotes: Mapping[str, Quotes], turn: int, language: str, is_open: bool) -> str:
    """A card that opens; its summary says what it is and how old it is, also to one who only hears it."""
    document, chunk = card.document, card.chunk
    kind = chunk.doc_class if card.numbers else f"also {chunk.doc_class}"
    path = _path(chunk, language)
    checked = say(language, "source_checked", date=describe_day(document.checked, language))
    next_check = say(language, "source_next_check", date=describe_day(document.review_by, language))
    passage = render_passage(document, chunk, card.around, quotes.get(document.doc_id, {}), language)
    return (
        f'<details class="source {kind}"{" open" if is_open else ""}><summary>{_numbers(card.numbers, turn, language)}'
        f'<span class="title"{guide_language(language)}>{escape(document.title)}</span> '
        f'<span class="place">{path[-1]}</span> '
        f'<span class="line"><span class="class">{say(language, f"class_{chunk.doc_class}")}</span> '
        f'<span class="age">{render_age(card.origins, document.checked, language)}</span>{render_flags(card.origins)}'
        f"</span></summary><h4>{_UNDER.join(path)}</h4>{passage}{render_origins(card.origins, language)}"
        f'<p class="checked">{checked} · {next_check}</p>'
        f"{_downloads(document, language)}{_back(card.numbers, turn, language)}</details>"
    )


def _back(numbers: Sequence[int], turn: int, language: str) -> str:
    return f'<a class="back" href="#svar-{turn}-{numbers[0]}">{say(language, "source_back")}</a>' if numbers else ""


def _numbers(numbers: Sequence[int], turn: int, language: str) -> str:
    if not numbers:
        return ""
    each = '<span class="sr-only">, </span>'.join(
        f'<span class="number" id="kilde-{turn}-{n}">{n}</span>' for n in numbers
    )
    return f'<span class="numbers"><span class="sr-only">{say(language, "source_name")} </span>{each}</span> '


def _path(chunk: Chunk, language: str) -> list[str]:
    """The headings that the passage stands under, below the title; what has none is the short answer or comes next."""
    if not chunk.heading_path[1:]:
        return [say(language, "compare_short" if chunk.section == INGRESS else "source_intro")]
    guide = guide_language(language)
    return [f"<span{guide}>{escape(plain(heading))}</span>" for heading in chunk.heading_path[1:]]


def _downloads(document: Document, language: str) -> str:
    """Where a template can be had."""
    if document.doc_class != "mal":
        return ""
    links = (f'<a href="/{document.doc_id}.{kind}" download>{name}</a>' for kind, name in _DOWNLOADS.items())
    return f'<p class="download">{say(language, "download_template")}: {" · ".join(links)}</p>'
