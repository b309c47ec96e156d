"""What a text to take away is made of, before it becomes plain text, HTML, Markdown or Word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Some words. `language` is theirs where it is not the document's, `href` the web address that they link to.

    `source` is the number of the source that they point to, where they are a mark as `[3]`.
    """

    text: str
    is_bold: bool = False
    language: str = ""
    href: str = ""
    source: int = 0


_LINE_BREAKS = re.compile(r"[\t\n\v\f\r]+")
Spans = tuple[Span, ...]
BREAK = Span("\n")  # a new line within the same block


@dataclass(frozen=True)
class Heading:
    """A heading; the title of the document has level 1."""

    level: int
    spans: Spans


@dataclass(frozen=True)
class Paragraph:
    """Words that stand alone."""

    spans: Spans


@dataclass(frozen=True)
class Item:
    """An item of a list, with its number where the list is numbered; `level` is 0 where it is in no other item.

    A `source` is what marks with its number point to.
    """

    spans: Spans
    number: int = 0
    level: int = 0
    is_source: bool = False


@dataclass(frozen=True)
class Table:
    """Cells by row; the first row heads the columns."""

    rows: tuple[tuple[Spans, ...], ...]

    def is_head(self, row: int, column: int) -> bool:
        """Whether the cell heads its column, or its row: where the corner is empty, the first column names the rows."""
        return row == 0 or (column == 0 and not any(span.text for span in self.rows[0][0]))


Block = Heading | Paragraph | Item | Table


def join_lines(lines: Sequence[Spans]) -> Spans:
    """The lines as one, with a break between two."""
    return tuple(span for line in lines for span in (BREAK, *line))[1:]


def one_line(text: str) -> str:
    """The text without breaks of its own; its spaces stay as they are, also those that hold a number together."""
    return _LINE_BREAKS.sub(" ", text)
