"""An answer → HTML in pieces: paragraphs, lists and tables as such, and each `[n]` a link to its source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.texts import say
from assistant.types import Answer

_MARK = re.compile(r"\[(\d+)\]")
_CELL = re.compile(r"(?<!\\)\|")  # the border of a table's cell
_LEAD = re.compile(r"\*\*(?P<name>.+?):\*\* ")
_SENTENCE_END = re.compile(r"(?<=\]) (?=\S)")  # a quoted sentence ends in its number
_GUIDE = "nb"  # the guide's own language
_OWN_WORDS = "model_words"  # says that a language model has written the sentences


@dataclass(frozen=True)
class _Piece:
    """What is shown at once: a sentence, an item or a row, and the block it stands in."""

    block: int
    kind: str
    html: str


def render_reply(answer: Answer, turn: int, language: str) -> Iterator[str]:
    """The answer as HTML as it grows, a sentence, item or row at a time; the last one is the whole.

    `turn` is the number of the question in the conversation, and `language` the page's; text in another is marked.
    """
    renderer = _Renderer(answer, turn, language)
    pieces = list(renderer.pieces())
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
            rows = "".join(parts[1:])
            return f"<table><thead>{parts[0]}</thead><tbody>{rows}</tbody></table>"
        case _:
            return f'<p class="{kind}">{" ".join(parts)}</p>'


class _Renderer:
    """Knows which numbers already have a link, so that the first one of each can be come back to."""

    def __init__(self, answer: Answer, turn: int, language: str) -> None:
        self._answer, self._turn, self._page = answer, turn, language
        self._linked: set[str] = set()
        own_words = say(answer.language, _OWN_WORDS) in answer.text
        self._quotes = answer.language if own_words else _GUIDE

    def pieces(self) -> Iterator[_Piece]:
        if self._answer.understood:
            understood = say(self._page, "understood", question=self._answer.understood)
            yield _Piece(-1, "understood", escape(understood, quote=False))
        for block, text in enumerate(re.split(r"\n\n", self._answer.text)):
            lines = text.split("\n")
            kind = self._kind_of(text)
            for number, line in enumerate(lines):
                if line.startswith("| "):
                    if number != 1:  # the second line of a table only draws a rule
                        yield _Piece(block, "table", self._row(line, "td" if number else "th", lines[0]))
                elif line.startswith("- "):
                    yield _Piece(block, "list", f"<li>{self._line(line[2:])}</li>")
                elif line:
                    yield from (_Piece(block, kind, self._line(part)) for part in _SENTENCE_END.split(line))
        if self._answer.receipt and self._answer.receipt.note:
            yield _Piece(-2, "frame", escape(self._answer.receipt.note, quote=False))

    def _kind_of(self, text: str) -> str:
        """What a paragraph is: something to be careful with, a frame of ours, or the answer."""
        answer = self._answer
        if text in answer.warnings or text == say(answer.language, "partial"):
            return "warning"
        return (
            "frame" if text in (say(answer.language, "norwegian_quotes"), say(answer.language, _OWN_WORDS)) else "said"
        )

    def _row(self, line: str, tag: str, head: str) -> str:
        cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
        heads = [cell.strip() for cell in _CELL.split(head)[1:-1]]
        first = f'<th scope="row">{self._line(cells[0])}</th>' if tag == "td" else "<td></td>"
        scope = ' scope="col"' if tag == "th" else ""
        rest = "".join(
            f'<{tag}{scope} data-head="{escape(name)}">{self._line(cell)}</{tag}>'
            for name, cell in zip(heads[1:], cells[1:], strict=True)
        )
        return f"<tr>{first}{rest}</tr>"

    def _line(self, text: str) -> str:
        """A line with its lead in bold, its numbers as links, and its language where it is not the page's."""
        lead = _LEAD.match(text)
        bold = f"<strong>{escape(lead['name'])}:</strong> " if lead else ""
        said = text[lead.end() :] if lead else text
        language = self._quotes if _MARK.search(said) else self._answer.language
        marked = "".join(
            self._link(part) if place % 2 else escape(part, quote=False) for place, part in enumerate(_MARK.split(said))
        )
        return bold + (marked if language == self._page else f'<span lang="{language}">{marked}</span>')

    def _link(self, number: str) -> str:
        place = f"{self._turn}-{number}"
        anchor = "" if number in self._linked else f' id="svar-{place}"'
        self._linked.add(number)
        name = escape(say(self._page, "page_open_source", number=number))
        return f'<a class="cite"{anchor} href="#kilde-{place}" aria-label="{name}">[{number}]</a>'
