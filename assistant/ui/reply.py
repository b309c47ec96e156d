"""An answer → HTML in pieces: paragraphs, lists and tables as such, and each `[n]` a link to its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.export.blocks import Item, Paragraph, Span, Spans, Table
from assistant.export.said import read_said
from assistant.texts import say
from assistant.types import Answer


@dataclass(frozen=True)
class _Piece:
    """What is shown at once, a sentence, an item or a row, and which block of what kind it stands in."""

    block: int
    kind: str
    html: str


def render_reply(answer: Answer, turn: int, language: str) -> Iterator[str]:
    """The answer as HTML as it grows, a sentence, item or row at a time; the last one is the whole.

    `turn` is the number of the question in the conversation, and `language` the page's; text in another is marked.
    """
    pieces = list(_Renderer(answer, turn, language).pieces())
    for end in range(1, len(pieces) + 1):
        yield "".join(
            _block(kind, [piece.html for piece in group])
            for (_, kind), group in groupby(pieces[:end], key=lambda piece: (piece.block, piece.kind))
        )


def _block(kind: str, parts: list[str]) -> str:
    match kind:
        case "list":
            return f"<ul>{''.join(parts)}</ul>"
        case "table":
            return f"<table><thead>{parts[0]}</thead><tbody>{''.join(parts[1:])}</tbody></table>"
        case _:
            return f'<p class="{kind}">{" ".join(parts)}</p>'


class _Renderer:
    """Knows which numbers already have a link, so that the first one of each can be come back to."""

    def __init__(self, answer: Answer, turn: int, language: str) -> None:
        self._answer, self._turn, self._page = answer, turn, language
        self._linked: set[int] = set()

    def pieces(self) -> Iterator[_Piece]:
        answer = self._answer
        if answer.understood:
            yield _Piece(-1, "understood", escape(say(self._page, "understood", question=answer.understood)))
        for number, block in enumerate(read_said(answer, {citation.n: citation.n for citation in answer.citations})):
            match block:
                case Item(spans):
                    yield _Piece(0, "list", f"<li>{self._words(spans)}</li>")
                case Table(rows):
                    yield from (_Piece(number, "table", self._row(block, row)) for row in range(len(rows)))
                case Paragraph(spans):
                    kind = self._kind_of("".join(span.text for span in spans))
                    yield from (_Piece(number, kind, self._words(sentence)) for sentence in _sentences(spans))
        if answer.receipt and answer.receipt.note:
            yield _Piece(-2, "frame", escape(answer.receipt.note))

    def _kind_of(self, text: str) -> str:
        """What a paragraph is: something to be careful with, a frame of ours, or the answer."""
        answer = self._answer
        if text in answer.warnings or text == say(answer.language, "partial"):
            return "warning"
        frames = (say(answer.language, "norwegian_quotes"), say(answer.language, "model_words"))
        return "frame" if text in frames else "said"

    def _row(self, table: Table, row: int) -> str:
        return f"<tr>{''.join(self._cell(table, row, column) for column in range(len(table.rows[row])))}</tr>"

    def _cell(self, table: Table, row: int, column: int) -> str:
        words = self._words(table.rows[row][column])
        if not words:
            return "<td></td>"
        if table.is_head(row, column):
            return f'<th scope="{"row" if row else "col"}">{words}</th>'
        head = escape("".join(span.text for span in table.rows[0][column]))
        return f'<td data-head="{head}">{words}</td>'

    def _words(self, spans: Spans) -> str:
        """The words, names in bold and marks as links, with their language where it is not the page's."""
        return "".join(
            words if language == self._page else f'<span lang="{language}">{words}</span>'
            for language, group in groupby(spans, key=lambda span: span.language or self._page)
            for words in ["".join(map(self._word, group))]
        ).strip()

    def _word(self, span: Span) -> str:
        if span.source:
            return self._link(span)
        text = escape(span.text, quote=False)
        return f"<strong>{text}</strong>" if span.is_bold else text

    def _link(self, span: Span) -> str:
        place = f"{self._turn}-{span.source}"
        anchor = "" if span.source in self._linked else f' id="svar-{place}"'
        self._linked.add(span.source)
        name = escape(say(self._page, "page_open_source", number=span.source))
        return f'<a class="cite"{anchor} href="#kilde-{place}" aria-label="{name}">{escape(span.text)}</a>'


def _sentences(spans: Spans) -> Iterator[Spans]:
    """The words of a paragraph after each mark that ends a sentence: what follows it begins with a space."""
    start = 0
    for place, span in enumerate(spans[:-1], 1):
        if span.source and spans[place].text.startswith(" ") and spans[place].text[1:2].isupper():
            yield spans[start:place]
            start = place
    yield spans[start:]
