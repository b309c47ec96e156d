"""What UI, CLI, API and evaluation share: a question, its passages, and an answer with citations."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from index.document import Document
from index.types import Chunk, Statement


class Status(StrEnum):
    """Every way a question can end."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    NO_EVIDENCE = "no_evidence"
    OUT_OF_SCOPE = "out_of_scope"
    PERSONAL_DATA = "personal_data"
    BLOCKED = "blocked"
    ERROR = "error"


class Intent(StrEnum):
    """What kind of answer a question wants; the ones with a card field are named as in `CARD_FIELDS`."""

    GENERAL = "general"
    DEFINITION = "definition"
    LIST = "list"
    STEPS = "steps"
    STORY = "story"
    CONTACT = "contact"
    WHO_CAN_APPLY = "hvem_kan_søke"
    REQUIREMENTS = "krav"
    AMOUNT = "beløp"
    DEADLINE = "frister"
    APPLICATION = "søknad"
    REPORTING = "rapportering"
    DURATION = "varighet"
    OWN_SHARE = "egenandel"
    COMBINATION = "kombinasjon"
    NOT_COVERED = "dekker_ikke"
    LEGAL_BASIS = "hjemmel"
    ADMINISTRATOR = "forvalter"


@dataclass(frozen=True)
class Filters:
    """What the asker has chosen beside the question, shown to them and theirs to take away; empty is not chosen.

    `form` is a form of organisation as cards name them, `place` one of `sted`, `phase` one of `fase`.
    """

    form: str = ""
    place: str = ""
    phase: str = ""


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Query:
    """What is searched for: a question that stands alone, its language (`nb`, `nn`, `en`), and what it wants.

    `wants_list` says that it asks for all of something: every step, point or requirement. `last_turn` is what a
    follow-up itself says, without what it borrows. `filters` are what is chosen beside it and it says nothing of.
    """

    text: str
    language: str
    intent: Intent
    is_follow_up: bool = False
    wants_list: bool = False
    last_turn: str = ""
    filters: Filters = NO_FILTERS


@dataclass(frozen=True)
class Scored:
    """A chunk found for a query; `signals` are the parts of its score, in the order of `retrieve.SIGNALS`."""

    chunk: Chunk
    score: float
    signals: tuple[float, ...]


@dataclass(frozen=True)
class Passage:
    """Numbered text shown as evidence."""

    n: int
    document: Document
    chunk: Chunk
    score: float


@dataclass(frozen=True)
class Draft:
    """A sentence on its way into the answer, and the statement of a passage that it rests on.

    `is_item` is a list item; `opens` is a line that only introduces the list below it and states nothing. `lead` is
    shown before an item: words of ours that state no fact, and no part of what is quoted. `row` and `column` place the
    sentence in a table, and one with a column alone heads it.
    """

    text: str
    passage: Passage | None = None
    statement: Statement | None = None
    is_item: bool = False
    lead: str = ""
    row: str = ""
    column: str = ""

    @property
    def opens(self) -> bool:
        """Whether the line only introduces what follows."""
        return self.statement is None


@dataclass(frozen=True)
class SourceRef:
    """The source behind a quote."""

    id: str
    publisher: str
    title: str
    url: str | None


@dataclass(frozen=True)
class Citation:
    """A pointer from `[n]` to the words it rests on: `document text[start:end] == quote`.

    `stale` says that the fact is past its period or its review date, `confirmed` that a source was seen to say it.
    """

    n: int
    doc_id: str
    chunk_id: str
    title: str
    heading_path: tuple[str, ...]
    doc_class: Annotated[str, Field(alias="class")]
    quote: str
    start: int
    end: int
    verified: bool
    sources: tuple[SourceRef, ...]
    valid_from: date | None
    valid_to: date | None
    undated: bool
    checked: date
    stale: bool
    confirmed: bool


@dataclass(frozen=True)
class AlsoRead:
    """A passage near the question that the answer did not use."""

    chunk_id: str
    doc_id: str
    title: str


@dataclass(frozen=True)
class Receipt:
    """What made the answer; `removed` counts sentences that verification took out, `known` is how sure it was.

    `request` is the name of the web request, as it is in the log and in the header `X-Request-ID`.
    """

    corpus: str
    index: str
    embedding: str
    generator: str
    removed: int
    known: float
    timings_ms: dict[str, float]
    note: str | None = None
    request: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer. `understood` is the standalone question where it differs from what was typed.

    `filters` are those chosen that the document cited first fits and no cited one contradicts, or that the answer took
    as said.
    """

    id: str
    status: Status
    text: str
    language: str
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    also_read: tuple[AlsoRead, ...] = ()
    understood: str | None = None
    filters: Filters = NO_FILTERS
    receipt: Receipt | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """The record as plain JSON values; dates as ISO text, the class of a citation under `class`."""
        data: dict[str, Any] = _answers().dump_python(self, mode="json", by_alias=True)
        return data


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)
