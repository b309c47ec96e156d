"""What crosses the borders of a draft: blocks and pages of a text, notes on its reading, and what can go wrong."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["heading", "paragraph", "item", "table"]


class ReadFault(Exception):
    """A file that no draft can be made of; `str()` is a Norwegian sentence on why and what to do."""


@dataclass(frozen=True)
class Block:
    """A heading of `level` (1 is the outermost), a paragraph, a list item, or a table with its header row first."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    def said(self) -> list[str]:
        """Its texts: the one, or the cells of the table."""
        return [cell for row in self.rows for cell in row] if self.kind == "table" else [self.text]


@dataclass(frozen=True)
class Page:
    """The blocks of one page; `number` counts from 1, and is None where the format has no pages."""

    number: int | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class About:
    """What the file says of itself; empty where it says nothing."""

    title: str = ""
    author: str = ""
    published: str = ""


@dataclass(frozen=True)
class Note:
    """A Norwegian sentence on what the reading left out or could not do."""

    text: str


Piece = About | Page | Note


@dataclass(frozen=True)
class SourceText:
    """A whole file as it was read."""

    about: About
    pages: tuple[Page, ...]
    notes: tuple[str, ...]

    def blocks(self) -> list[Block]:
        """Every block, page by page."""
        return [block for page in self.pages for block in page.blocks]

    def said(self) -> str:
        """All of its text, a line for each block or cell."""
        return "\n".join(text for block in self.blocks() for text in block.said())


def as_json(piece: Piece) -> dict[str, Any]:
    """The piece as `from_json` reads it."""
    match piece:
        case Note(text):
            return {"note": text}
        case About(title, author, published):
            return {"about": [title, author, published]}
        case Page(number, blocks):
            return {"page": number, "blocks": [[b.kind, b.text, b.level, b.rows] for b in blocks]}


def from_json(row: dict[str, Any]) -> Piece:
    """The piece that `as_json` wrote."""
    if "note" in row:
        return Note(row["note"])
    if "about" in row:
        return About(*row["about"])
    blocks = (
        Block(kind, text, level, tuple(tuple(cells) for cells in rows)) for kind, text, level, rows in row["blocks"]
    )
    return Page(row["page"], tuple(blocks))
