"""Words and tables with their places on a page → blocks in reading order, over one or two columns."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from assistant.draft.types import Block

_GUTTER = 12.0  # points between two columns
_MIN_SPLIT = 5  # lines on both sides of a gutter before a page counts as having two columns
_MIN_WORDS = 3.0  # words a line on each side: fewer is a list of names and numbers, which is read across
_HEADING = 1.15  # times the size of the running text
_OUTER = 1.6  # times: a heading of the outermost level
_MAX_HEADING = 120  # letters
_BULLET = re.compile(r"(?:[•●▪■‣◦·–*\uf0b7-]|\(cid:\d+\)|\d{1,2}[.)])\s+")
_DOTS = re.compile(r"\s*\.(?:\s?\.){3,}\s*")  # leads the eye to a page number
_HYPHEN = re.compile(r"(?<=[a-zæøå])[-\u00ad]$")
_KEPT_HYPHEN = ("og ", "eller ", "and ", "or ")  # sosial- og helsetjenester


@dataclass(frozen=True)
class Row:
    """A word, or words on one line: place in points from the upper left corner, size and font."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float
    is_bold: bool
    parts: "tuple[Row, ...]" = ()

    @classmethod
    def of(cls, word: dict[str, Any]) -> "Row":
        """The word as the reader of PDF gives it."""
        is_bold = re.search(r"bold|black|heavy|semibold", word["fontname"], re.I) is not None
        return cls(word["x0"], word["top"], word["x1"], word["bottom"], word["text"], round(word["size"], 1), is_bold)

    @classmethod
    def join(cls, words: Sequence["Row"]) -> "Row":
        """The words of one line, left to right."""
        parts = tuple(sorted(words, key=lambda w: w.x0))
        size = Counter[float]()
        for part in parts:
            size[part.size] += len(part.text)
        return cls(
            parts[0].x0,
            min(p.top for p in parts),
            max(p.x1 for p in parts),
            max(p.bottom for p in parts),
            " ".join(p.text for p in parts),
            size.most_common(1)[0][0],
            all(p.is_bold for p in parts),
            parts,
        )


@dataclass(frozen=True)
class Table:
    """A table and its place."""

    x0: float
    top: float
    x1: float
    bottom: float
    cells: tuple[tuple[str, ...], ...]


def as_blocks(words: Iterable[Row], tables: Sequence[Table], width: float, body: float) -> tuple[Block, ...]:
    """The page as it is read; `body` is the size of running text in the whole document."""
    rows = _as_rows(words)
    gutter = _find_gutter(rows, width)
    lines: list[Row | Table] = []
    left: list[Row] = []
    right: list[Row] = []
    things: list[Row | Table] = [*rows, *tables]
    for item in sorted(things, key=lambda thing: thing.top):
        sides = _split(item, gutter) if gutter and isinstance(item, Row) else None
        if sides is None:
            lines += [*left, *right, item]
            left, right = [], []
        else:
            left += sides[0]
            right += sides[1]
    return tuple(_join_lines([*lines, *left, *right], body))


def _as_rows(words: Iterable[Row]) -> list[Row]:
    groups: list[list[Row]] = []
    bottom = float("-inf")
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        if (word.top + word.bottom) / 2 < bottom and groups:
            groups[-1].append(word)
            continue
        groups.append([word])
        bottom = word.bottom
    return [Row.join(group) for group in groups]


def _split(row: Row, gutter: float) -> tuple[list[Row], list[Row]] | None:
    """The row on each side of the gutter; None where it runs across."""
    left = [part for part in row.parts if part.x1 <= gutter]
    right = [part for part in row.parts if part.x0 >= gutter]
    if len(left) + len(right) < len(row.parts):
        return None
    if left and right and right[0].x0 - left[-1].x1 < _GUTTER:
        return None
    return [Row.join(left)] if left else [], [Row.join(right)] if right else []


def _find_gutter(rows: Sequence[Row], width: float) -> float | None:
    """Where a page parts into two columns; None for one column."""
    best, found = 0, None
    for x in range(int(width * 0.35), int(width * 0.65), 2):
        sides = [_split(row, x) for row in rows]
        both = [side for side in sides if side and side[0] and side[1]]
        fewest = min((sum(len(s[n][0].parts) for s in both) for n in (0, 1)), default=0)
        is_read_down = len(both) >= _MIN_SPLIT and fewest >= _MIN_WORDS * len(both)
        if is_read_down and sum(side is None for side in sides) < 0.4 * len(rows) and len(both) > best:
            best, found = len(both), float(x)
    return found


def _join_lines(lines: Sequence[Row | Table], body: float) -> Iterable[Block]:
    rows = [line for line in lines if isinstance(line, Row)]
    gaps = [b.top - a.bottom for a, b in pairwise(rows) if 0 <= b.top - a.bottom < 2 * a.size]
    usual = median(gaps) if gaps else 0.0
    right = max((row.x1 for row in rows), default=0.0)
    current: list[Row] = []
    for line in lines:
        if isinstance(line, Table) or (current and _starts_anew(current[-1], line, usual, right)):
            if current:
                yield _as_block(current, body)
            current = []
        if isinstance(line, Table):
            yield Block("table", rows=line.cells)
        else:
            current.append(line)
    if current:
        yield _as_block(current, body)


def _starts_anew(above: Row, row: Row, usual: float, right: float) -> bool:
    gap = row.top - above.bottom
    if gap < -above.size or gap > max(0.4 * row.size, 1.6 * usual):
        return True
    if abs(row.size - above.size) > 0.5 or row.is_bold != above.is_bold or _BULLET.match(row.text):
        return True
    return above.text.endswith((".", "!", "?", ":")) and above.x1 < right - 0.25 * (right - above.x0)


def _as_block(rows: Sequence[Row], body: float) -> Block:
    text = ""
    for row in rows:
        if _HYPHEN.search(text) and row.text[:1].islower() and not row.text.startswith(_KEPT_HYPHEN):
            text = text[:-1] + row.text
        else:
            text = f"{text} {row.text}".strip()
    text = _DOTS.sub(" … ", text)
    first = rows[0]
    if len(text) <= _MAX_HEADING and not text.endswith((".", ",", ";", ":")) and re.search(r"[^\W\d_]{2}", text):
        if first.size >= _HEADING * body:
            return Block("heading", text, 1 if first.size >= _OUTER * body else 2)
        if first.is_bold and first.size >= body and not _BULLET.match(text):
            return Block("heading", text, 3)
    if marker := _BULLET.match(text):
        return Block("item", text[marker.end() :])
    return Block("paragraph", text)
