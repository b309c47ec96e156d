"""What crosses the borders of the index: chunks, their statements, and what can go wrong."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property


class IndexFault(Exception):
    """Something is wrong with an index; `str()` is one Norwegian sentence on what, `remedy` one on what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class IndexMissing(IndexFault):
    """There is no index version to open."""


class IndexMismatch(IndexFault):
    """The index was built with another model, chunker or schema than the one asked for."""


class BuildRuns(IndexFault):
    """Another build of the index runs."""


@dataclass(frozen=True, slots=True)
class Period:
    """When a fact is known to hold; no `end` is no known end, and `undated` is a source that shows no date."""

    start: date | None = None
    end: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence's pointer to where it comes from; `ADVICE` and `UNCONFIRMED` stand for no source."""

    source_id: str
    period: Period


SHIPPED_MODEL = "abc-static-nb-448"
ADVICE = "råd"
UNCONFIRMED = "ubekreftet"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or card value with its marks: characters `start` to `end` of the document's text."""

    start: int
    end: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a chunk answers; `statement` is the place of the sentence that does, None for the chunk whole."""

    text: str
    statement: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the guide is known not to answer; `doc_id` is what is nearest, None outside the guide's field."""

    text: str
    doc_id: str | None


@dataclass(frozen=True)
class Chunk:
    """The unit that is indexed: characters `start` to `end` of the document's text, with the statements inside.

    `section` is what the chunk is part of: `ingress`, a field of the card, or the innermost heading; a long section
    is several chunks. `search_text` and `questions` are what is embedded and matched.
    """

    chunk_id: str
    doc_id: str
    doc_class: str
    section: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    statements: tuple[Statement, ...]
    search_text: str
    questions: tuple[Asked, ...] = ()

    @property
    def pooled_text(self) -> str:
        """The text and the questions that it answers, as one: what a passage's vector and words are made of."""
        return "\n".join((self.search_text, *(question.text for question in self.questions)))

    @cached_property
    def section_id(self) -> str:
        """`doc_id#section` without spaces, as the judgements of the evaluation name it; made once, looked at often."""
        return f"{self.doc_id}#{self.section}".replace(" ", "_")


INGRESS = "ingress"  # the section that a document's short answer is


def hash_text(text: str) -> str:
    """Sixteen hex digits that decide whether an embedding of the same text can be used again."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
