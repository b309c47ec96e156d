"""A passage in its surroundings → HTML: the section it stands in, its lists and tables, and the quoted words marked."""

import re
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.language import GUIDE
from assistant.texts import say
from index.document import Document
from index.frontmatter import CARD_FIELDS
from index.statements import plain
from index.types import INGRESS, Chunk

Quotes = Mapping[tuple[int, int], str]  # the place of a quote in the document's text, and its numbers

# Signs for private use, which no text holds, carry through the Markdown where a quote and a bold word begin and end.
_OPEN, _CLOSE, _AFTER, _BOLD, _THIN = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_QUOTED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}([^{_AFTER}]*){_AFTER}")
_STARS = re.compile(rf"\*\*([^*{_OPEN}{_CLOSE}{_AFTER}]+)\*\*")
_HEADING = re.compile(r"\s*#{1,6} [^\n]*(?:\n|$)")
# Lines are made into HTML here, so Markdown needs to read blocks only.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


def guide_language(language: str) -> str:
    """The attribute that marks text of the guide on a page in `language`; empty where the page speaks it too."""
    return "" if language == GUIDE else f' lang="{GUIDE}"'


def render_passage(document: Document, chunk: Chunk, chunks: Sequence[Chunk], quotes: Quotes, language: str) -> str:
    """The section of the passage, with the quotes in it marked; empty for a heading that has no text of its own.

    `chunks` are those of the document, in order. The whole field of a card is shown, and a whole section where it is
    one chunk; of a longer one the chunk, which is what one screen shows, and the rest on demand.
    """
    if chunk.section == INGRESS or chunk.section in CARD_FIELDS:
        return _passage(_values(document, chunk, quotes), language)
    section = _section(chunk, chunks)
    shown = _body(document.text, chunk.start, chunk.end, quotes)
    if len(section) == 1 or not shown:
        return _passage(shown, language)
    before, after = ('<p class="cut">…</p>' if cut else "" for cut in (section[0] != chunk, section[-1] != chunk))
    whole = _body(document.text, section[0].start, section[-1].end, quotes)
    summary = f"<summary>{say(language, 'source_whole')}</summary>"
    rest = f'<details class="whole">{summary}{_passage(whole, language)}</details>'
    return _passage(before + shown + after, language) + rest


def _passage(inside: str, language: str) -> str:
    return f'<div class="passage"{guide_language(language)}>{inside}</div>' if inside else ""


def _section(chunk: Chunk, chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks in a row that stand under the same heading as this one."""
    place = chunks.index(chunk)
    first = last = place
    while first > 0 and _continues(chunks[first - 1], chunks[first]):
        first -= 1
    while last + 1 < len(chunks) and _continues(chunks[last], chunks[last + 1]):
        last += 1
    return list(chunks[first : last + 1])


def _continues(chunk: Chunk, other: Chunk) -> bool:
    return chunk.heading_path == other.heading_path and chunk.end == other.start


def _values(document: Document, chunk: Chunk, quotes: Quotes) -> str:
    """The sentences of a short answer as one paragraph; the values of a card's field as a list."""
    said = [_inline(_with_quotes(document.text, s.start, s.end, quotes)) for s in chunk.statements]
    if chunk.section == INGRESS or len(said) == 1:
        return f"<p>{' '.join(said)}</p>"
    return f"<ul>{''.join(f'<li>{value}</li>' for value in said)}</ul>"


def _body(text: str, start: int, end: int, quotes: Quotes) -> str:
    """The Markdown from `start` to `end` as HTML, without the heading above it."""
    markdown = _with_quotes(text, start, end, quotes)
    heading = _HEADING.match(markdown)
    tokens = _MARKDOWN.parse(markdown[heading.end() :] if heading else markdown)
    for token in tokens:
        token.attrs.pop("style", None)  # the side that a table's column is set to
        if token.type == "inline":
            token.children = [Token("html_inline", "", 0, content=_inline(token.content))]
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return (
        html.replace("<table>", '<div class="table" tabindex="0"><table>')
        .replace("</table>", "</table></div>")
        .replace("<th></th>", "<td></td>")
    )


def _with_quotes(text: str, start: int, end: int, quotes: Quotes) -> str:
    """The text from `start` to `end` with signs around each quote in it."""
    parts, cursor = [], start
    for (first, last), numbers in sorted(quotes.items()):
        if cursor <= first and last <= end:
            parts += [text[cursor:first], _OPEN, text[first:last], _CLOSE, numbers, _AFTER]
            cursor = last
    return "".join([*parts, text[cursor:end]])


def _inline(text: str) -> str:
    """A line as HTML: escaped, without source marks and link addresses, bold words bold and quotes marked."""
    html = escape(plain(_STARS.sub(rf"{_BOLD}\1{_THIN}", text)))
    html = html.replace(_BOLD, "<strong>").replace(_THIN, "</strong>")
    return _QUOTED.sub(r'<mark>\1</mark><sup class="at">\2</sup>', html)
