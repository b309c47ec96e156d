"""A document's file taken apart as its editor sees it: front matter, card, and sentences under their headings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.document import Document
from index.frontmatter import FrontMatter
from index.statements import find_blocks, plain, split_statements
from index.types import INGRESS

CARD = "kort"


@dataclass(frozen=True)
class Said:
    """A sentence, a value of the card or a line to copy: its text and source marks as written.

    The order of the marks says nothing, and is sorted away. `facts` is what the card says beside the text for a
    program: `kroner`, `dato`, `status`, `former`.
    """

    text: str
    marks: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Parts:
    """`fields` are the plain ones of the front matter; `said` is what stands under each part, by its name and number.

    A part is `ingress`, a field of the card, or a heading; the number tells headings of the same words apart.
    """

    fields: Mapping[str, Any]
    said: Mapping[tuple[str, int], tuple[Said, ...]]


def take_apart(document: Document) -> Parts:
    """The parts of a document, from its text alone: a version's catalog has no sections."""
    front = FrontMatter(document.text, document.file)
    said = {(INGRESS, 0): tuple(_sentences(front.values[INGRESS], 0, len(front.values[INGRESS])))}
    for field, rows in front.values.get(CARD, {}).items():
        said[field, 0] = tuple(_value(row) for row in rows)
    said |= _body(document.text, front.body_start, document.title)
    return Parts({key: value for key, value in front.values.items() if key not in (INGRESS, CARD, "id")}, said)


def _sentences(text: str, start: int, end: int) -> Iterator[Said]:
    for left, right, marks in split_statements(text, start, end):
        yield Said(plain(text[left:right]), tuple(sorted(marks)))


def _value(row: Mapping[str, Any]) -> Said:
    facts = ((key, _as_words(value)) for key, value in row.items() if key not in ("verdi", "kilde"))
    return Said(plain(row["verdi"]), tuple(sorted(map(str, row["kilde"]))), tuple(facts))


def _as_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _body(text: str, start: int, title: str) -> dict[tuple[str, int], tuple[Said, ...]]:
    """What stands before the first heading goes by the title."""
    name = (title, 0)
    said: dict[tuple[str, int], tuple[Said, ...]] = {}
    for block in find_blocks(text, start):
        if block.kind == "heading":
            heading = plain(text[block.start : block.end])
            name = (heading, sum(known == heading for known, _ in said))
            said[name] = ()
        else:
            said[name] = (*said.get(name, ()), *_sentences(text, block.start, block.end))
    return said
